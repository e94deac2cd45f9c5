package io.jarnetes.apiserver.schema.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantityTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "0m, 0",
        "1000m, 1",
        "0.5, 500m",
        "100m, 100m",
        "1.5Gi, 1536Mi",
        "1024Ki, 1Mi",
        "1025Ki, 1025Ki",
        "1500M, 1500M",
        "1000M, 1G",
        "0.0000000001, 1n",
        "1e3, 1e3",
        "12e2, 1200",
        "500Ki, 500Ki",
        "512Ki, 512Ki",
        "1048576, 1048576",
        "2048Mi, 2Gi",
        "-1000m, -1",
    })
    void isWrittenCanonically(String given, String canonical) throws DecodeException {
        assertThat(Quantity.parse(given).text()).isEqualTo(canonical);
    }

    @Test
    void isRefusedInUpstreamsWords() {
        assertThatThrownBy(() -> Quantity.parse("1x")).hasMessageStartingWith("quantities must");
        assertThatThrownBy(() -> Quantity.parse("1GiB")).hasMessageStartingWith("quantities must");
        assertThatThrownBy(() -> Quantity.parse("1mm"))
                .hasMessage("unable to parse quantity's suffix");
    }

    @Test
    void calculates() throws DecodeException {
        Quantity gib = Quantity.parse("1Gi");
        assertThat(gib.plus(Quantity.parse("512Mi")).text()).isEqualTo("1536Mi");
        assertThat(Quantity.parse("100m").milliValue()).isEqualTo(100);
        assertThat(Quantity.parse("1001m").longValue()).isEqualTo(2);
        assertThat(gib).isGreaterThan(Quantity.parse("1G"));
    }
}
