package io.jarnetes.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PeerUrlsTest {
    private static boolean same(List<String> left, List<String> right) {
        return PeerUrls.same(left, right, Duration.ZERO);
    }

    @Test
    void namesAndAddressesAreTheSamePlace() {
        List<String> address = List.of("http://127.0.0.1:2380");
        assertThat(same(address, address)).isTrue();
        assertThat(same(address, List.of("http://localhost:2380"))).isTrue();
        assertThat(same(address, List.of("http://localhost:2381"))).isFalse();
        assertThat(same(address, List.of("https://localhost:2380"))).isFalse();
        assertThat(same(address, List.of("http://127.0.0.1:2380", "http://127.0.0.1:1"))).isFalse();
    }

    @Test
    void orderDoesNotMatter() {
        assertThat(same(List.of("http://a:1", "http://b:1"), List.of("http://b:1", "http://a:1")))
                .isTrue();
    }

    @Test
    void aNameThatIsNoneIsNowhere() {
        assertThat(same(List.of("http://127.0.0.1:1"), List.of("http://no-such-host.invalid:1")))
                .isFalse();
    }
}
