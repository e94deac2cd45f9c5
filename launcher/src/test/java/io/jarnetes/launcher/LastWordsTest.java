package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log's last line in words for a person. */
class LastWordsTest {

    @TempDir Path dir;

    @Test
    void theFrameOfTheLogGoes() {
        assertThat(
                        LastWords.message(
                                "{\"level\":\"fatal\",\"ts\":\"x\",\"caller\":\"a.go:1\",\"msg\":\"failed to start"
                                        + " etcd\",\"error\":\"no space\"}"))
                .isEqualTo("failed to start etcd: no space");
        assertThat(LastWords.message("{\"msg\":\"closed\"}")).isEqualTo("closed");
        assertThat(
                        LastWords.message(
                                "E1127 14:08:39.265576       1 server.go:1] \"It broke\" err=\"why\""))
                .isEqualTo("\"It broke\" err=\"why\"");
        assertThat(LastWords.message("  Error: unknown flag: --x "))
                .isEqualTo("Error: unknown flag: --x");
        assertThat(LastWords.message("{half a line")).isEqualTo("{half a line");
    }

    @Test
    void theLastLineThatSaysSomething() throws IOException {
        Path log = Files.writeString(dir.resolve("a.log"), "first\nlast\n\n");
        assertThat(LastWords.of(log)).isEqualTo("last");
        Files.writeString(
                log,
                "{\"level\":\"error\",\"msg\":\"it cannot go on\",\"error\":\"disk full\"}\n"
                        + "{\"level\":\"info\",\"msg\":\"closed\"}\n");
        assertThat(LastWords.of(log)).isEqualTo("it cannot go on: disk full");
        Files.writeString(log, "E1127 1 1 a.go:1] \"lost\"\nI1127 1 1 a.go:1] \"bye\"\n");
        assertThat(LastWords.of(log)).isEqualTo("\"lost\"");
        assertThat(LastWords.of(dir.resolve("none.log"))).isEmpty();
        assertThat(LastWords.of(Files.createFile(dir.resolve("empty.log")))).isEmpty();
    }
}
