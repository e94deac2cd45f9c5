package io.jarnetes.apiserver.server.endpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.jarnetes.apiserver.server.storage.FakeEtcdKv;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Plays {@link ApiTranscript}s. {@code -Drewrite=URL} has the answers written anew by a fresh
 * upstream's API server behind {@code kubectl proxy}, one that runs with {@code
 * --authorization-mode=AlwaysAllow --service-cluster-ip-range=10.0.0.0/24} and every admission
 * plugin disabled.
 */
class ApiTranscriptTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final String AGENT = "transcript";

    @TestFactory
    Stream<DynamicTest> conversations() throws IOException {
        return ApiTranscript.files().stream()
                .map(file -> dynamicTest(file.getFileName().toString(), () -> play(file)));
    }

    private static void play(Path file) throws IOException {
        ApiTranscript transcript = ApiTranscript.read(file);
        String upstream = System.getProperty("rewrite");
        if (upstream != null) {
            Files.writeString(file, transcript.play(over(upstream)));
        }
        try (TestApi api = new TestApi(new FakeEtcdKv())) {
            List<String> said = requests(transcript.play(within(api)));
            List<String> wanted = requests(Files.readString(file));
            for (int i = 0; i < said.size(); i++) {
                assertThat(said.get(i)).isEqualTo(wanted.get(i));
            }
            assertThat(said).hasSameSizeAs(wanted).hasSizeGreaterThan(1);
        }
    }

    private static List<String> requests(String transcript) {
        return List.of(transcript.split("(?m)^(?=> )"));
    }

    static ApiTranscript.Server within(TestApi api) {
        return (method, path, body, headers) -> {
            List<String> all = new ArrayList<>(headers);
            all.addAll(List.of("User-Agent", AGENT));
            TestApi.Result result = api.call(method, path, body, all.toArray(String[]::new));
            List<String> warnings =
                    result.response().headers("Warning").stream()
                            .map(ApiTranscriptTest::text)
                            .toList();
            return new ApiTranscript.Answer(result.status(), result.body(), warnings);
        };
    }

    private static ApiTranscript.Server over(String url) {
        return (method, path, body, headers) -> {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(url + path.replace("\"", "%22")))
                            .header("User-Agent", AGENT)
                            .method(method, HttpRequest.BodyPublishers.ofString(body));
            for (int i = 0; i < headers.size(); i += 2) {
                request.header(headers.get(i), headers.get(i + 1));
            }
            // An offer of HTTP/2 is an upgrade, which kubectl proxy takes for one of exec's.
            try (HttpClient client =
                    HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
                HttpResponse<String> response =
                        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
                String text = response.body();
                ObjectNode tree =
                        text.startsWith("{")
                                ? (ObjectNode) MAPPER.readTree(text)
                                : MAPPER.createObjectNode();
                List<String> warnings =
                        response.headers().allValues("Warning").stream()
                                .map(ApiTranscriptTest::text)
                                .toList();
                return new ApiTranscript.Answer(response.statusCode(), tree, warnings);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(method + " " + url + path, e);
            }
        };
    }

    /** {@code 299 - "TEXT"}. */
    private static String text(String warning) {
        return warning.substring(warning.indexOf('"') + 1, warning.length() - 1);
    }
}
