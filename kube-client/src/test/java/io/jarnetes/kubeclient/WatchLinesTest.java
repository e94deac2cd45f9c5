package io.jarnetes.kubeclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class WatchLinesTest {

    private static WatchLines lines(String text) {
        return new WatchLines(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void readsOneObjectALine() throws IOException {
        String large = "x".repeat(40_000);
        try (WatchLines lines = lines("{\"a\":1}\n\n{\"b\":\"" + large + "\"}\n{\"cut\":")) {
            assertThat(lines.next()).hasToString("{\"a\":1}");
            assertThat(Json.text(java.util.Objects.requireNonNull(lines.next()), "b"))
                    .isEqualTo(large);
            assertThat(lines.next()).isNull();
        }
    }

    @Test
    void refusesWhatIsNoJson() throws IOException {
        try (WatchLines lines = lines("oops\n")) {
            assertThatThrownBy(lines::next).isInstanceOf(IOException.class);
        }
    }
}
