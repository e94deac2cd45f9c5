package io.jarnetes.etcd.server.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.server.ApiTranscript;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Upstream's members answer as the transcripts of {@code src/test/testdata/api} say. With {@code
 * -Drewrite=true} they write them; a rewrite is committed only by someone who can explain the
 * difference.
 */
@Tag("peers")
class ApiTranscriptPeersTest {
    @TempDir Path dir;

    @TestFactory
    Stream<DynamicTest> transcripts() throws IOException {
        return ApiTranscript.tests(this::replay);
    }

    private void replay(Path file) throws Exception {
        String name = file.getFileName().toString();
        Upstream upstream = name.endsWith("3.5.txt") ? Upstream.V3_5_30 : Upstream.V3_6;
        Path data = dir.resolve(name);
        Files.createDirectory(data);
        List<String> expected = Files.readAllLines(file);
        try (Cluster cluster = Cluster.start(data, upstream, Settings.PLAIN, Make.GO);
                ApiTranscript transcript =
                        new ApiTranscript(
                                URI.create(cluster.nodes().getFirst().clientUrl()),
                                cluster.nodes().getFirst().peerUrl())) {
            List<String> actual = transcript.replay(expected);
            if (Boolean.getBoolean("rewrite")) {
                Files.write(file, actual);
            } else {
                assertThat(String.join("\n", actual)).isEqualTo(String.join("\n", expected));
            }
        }
    }
}
