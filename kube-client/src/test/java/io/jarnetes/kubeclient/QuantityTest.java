package io.jarnetes.kubeclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {

    @ParameterizedTest
    @CsvSource({
        "100m, 0.1",
        "1, 1",
        "1.5Gi, 1610612736",
        "1e3, 1000",
        "2k, 2000",
        "5E, 5000000000000000000",
        "3Ki, 3072",
        "7u, 0.000007",
        "8n, 0.000000008"
    })
    void parses(String text, BigDecimal value) {
        assertThat(Quantity.parse(text)).isEqualByComparingTo(value);
    }

    @Test
    void refusesUnknownSuffixes() {
        assertThatThrownBy(() -> Quantity.parse("1x")).isInstanceOf(NumberFormatException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, false, 100m",
        "1000, false, 1k",
        "1024, true, 1Ki",
        "1536, true, 1536",
        "3221225472, true, 3Gi",
        "0, true, 0",
        "2, false, 2",
        "0.0000001, false, 100n"
    })
    void writesTheLargestSuffixThatLeavesAWholeNumber(
            BigDecimal value, boolean binary, String text) {
        assertThat(Quantity.text(value, binary)).isEqualTo(text);
    }
}
