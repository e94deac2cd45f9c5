package io.jarnetes.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plays the transcripts of {@code src/test/testdata/api} (see {@link ApiTranscript}) against a
 * fresh member each; those whose names end with 3.5 against one of 3.5. What they expect is what
 * upstream's members answer: {@code ApiTranscriptPeersTest} plays the same files against those, and
 * with {@code -Drewrite=true} writes them.
 */
class ApiTranscriptTest {
    @TempDir Path dir;

    @TestFactory
    Stream<DynamicTest> transcripts() throws IOException {
        return ApiTranscript.tests(this::replay);
    }

    private void replay(Path file) throws Exception {
        String name = file.getFileName().toString();
        Path data = dir.resolve(name);
        Files.createDirectory(data);
        List<String> expected = Files.readAllLines(file);
        try (TestCluster cluster =
                        name.endsWith("3.5.txt")
                                ? TestCluster.at35(data, 1).startAll()
                                : TestCluster.plain(data, 1).startAll();
                ApiTranscript transcript =
                        new ApiTranscript(
                                cluster.endpoints().getFirst(),
                                cluster.config(0).urls().listenPeer().getFirst().toString())) {
            assertThat(String.join("\n", transcript.replay(expected)))
                    .isEqualTo(String.join("\n", expected));
        }
    }
}
