package io.jarnetes.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Conversations with upstream's API server that ours must repeat: {@code src/test/testdata/served},
 * in the form that {@link ServedTranscript} tells. {@code -Drewrite=https://127.0.0.1:PORT} asks a
 * fresh kube-apiserver of upstream's instead, started with {@link ServedApi#FLAGS} and {@link
 * ServedApi#TOKENS}, and writes down what it says; a rewrite is committed only by someone who can
 * explain the difference.
 */
@Timeout(120)
class ServedTranscriptTest {

    private static final Path DATA = Path.of("src/test/testdata/served");

    @TempDir Path dir;
    private final List<AutoCloseable> open = new ArrayList<>();

    @TestFactory
    Stream<DynamicTest> transcripts() throws Exception {
        String upstream = System.getProperty("rewrite", "");
        ServedClient client = new ServedClient(upstream.isEmpty() ? ours() : URI.create(upstream));
        open.add(client);
        List<Path> files;
        try (Stream<Path> all = Files.list(DATA)) {
            files = all.sorted().toList();
        }
        assertThat(files).isNotEmpty();
        return files.stream()
                .map(file ->
                        dynamicTest(
                                file.getFileName().toString(),
                                () -> replay(client, file, !upstream.isEmpty())));
    }

    private URI ours() throws Exception {
        ServedApi api = new ServedApi(dir);
        open.add(api);
        return api.url();
    }

    private static void replay(ServedClient client, Path file, boolean rewrite) throws Exception {
        List<String> expected = Files.readAllLines(file);
        String namespace = "t-" + file.getFileName().toString().replace(".txt", "");
        List<String> actual;
        try (ServedTranscript transcript = new ServedTranscript(client, namespace)) {
            actual = transcript.replay(expected);
        }
        if (rewrite) {
            Files.write(file, actual);
        } else {
            assertThat(String.join("\n", actual)).isEqualTo(String.join("\n", expected));
        }
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }
}
