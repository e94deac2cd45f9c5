package io.jarnetes.etcd.ctl.etcdutl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against values that go-humanize printed. */
class HumanizeTest {
    @ParameterizedTest
    @CsvSource({
        "0,0 B",
        "9,9 B",
        "10,10 B",
        "999,999 B",
        "1000,1.0 kB",
        "1550,1.6 kB",
        "20480,20 kB",
        "92499968,92 MB",
        "93512000,94 MB",
        "1073741824,1.1 GB",
    })
    void sizes(long size, String text) {
        assertThat(Humanize.bytes(size)).isEqualTo(text);
    }
}
