package io.jarnetes.etcd.server.apply;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Replays the transcripts of {@code src/test/testdata/apply}: a line that begins with {@code >} is
 * a command (see {@link ApplyTranscript}), the lines after it are what must come of it. With {@code
 * -Drewrite=true} the files are written anew; a rewrite is committed only by someone who can
 * explain the difference.
 */
final class ApplierTest {
    private static final Path TRANSCRIPTS = Path.of("src/test/testdata/apply");

    @TestFactory
    Stream<DynamicTest> transcripts() throws IOException {
        try (Stream<Path> files = Files.list(TRANSCRIPTS)) {
            return files.sorted().toList().stream()
                    .map(file ->
                            DynamicTest.dynamicTest(
                                    file.getFileName().toString(), () -> replay(file)));
        }
    }

    private static void replay(Path file) throws IOException {
        List<String> expected = Files.readAllLines(file);
        List<String> actual = new ArrayList<>();
        ApplyTranscript transcript = new ApplyTranscript();
        for (String line : expected) {
            if (line.startsWith(">")) {
                actual.add(line);
                transcript.run(line.substring(1).strip()).forEach(out -> actual.add("  " + out));
            } else if (line.isBlank() || line.startsWith("#")) {
                actual.add(line);
            }
        }
        if (Boolean.getBoolean("rewrite")) {
            Files.write(file, actual);
        } else {
            assertThat(String.join("\n", actual)).isEqualTo(String.join("\n", expected));
        }
    }
}
