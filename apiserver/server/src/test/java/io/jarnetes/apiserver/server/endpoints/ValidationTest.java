package io.jarnetes.apiserver.server.endpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.jarnetes.apiserver.server.storage.FakeEtcdKv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * What is refused, and in which words: {@code src/test/testdata/validation}. A case is a line
 * {@code == NAME PATH}, the body, {@code --}, and the causes, in order; none if it is taken.
 */
class ValidationTest {

    private static final String PODS = "/api/v1/namespaces/default/pods";

    @TestFactory
    Stream<DynamicTest> cases() throws IOException {
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src/test/testdata/validation"))) {
            for (Path file : files.sorted().toList()) {
                for (String each : Files.readString(file).split("(?m)^== ")) {
                    if (!each.isBlank()) {
                        String name = each.substring(0, each.indexOf(' '));
                        tests.add(dynamicTest(name, () -> play(each)));
                    }
                }
            }
        }
        return tests.stream();
    }

    private static void play(String text) {
        int line = text.indexOf('\n');
        int dashes = text.indexOf("\n--\n");
        String path = text.substring(text.indexOf(' ') + 1, line);
        String body = text.substring(line + 1, dashes);
        String wanted = text.substring(dashes + 4).strip();
        try (TestApi api = new TestApi(new FakeEtcdKv())) {
            TestApi.Result answer = api.call("POST", path.equals("pods") ? PODS : path, body);
            assertThat(causes(answer.body())).isEqualTo(wanted);
            assertThat(answer.status()).isEqualTo(wanted.isEmpty() ? 201 : 422);
        }
    }

    private static String causes(JsonNode status) {
        StringBuilder causes = new StringBuilder();
        for (JsonNode cause : status.path("details").path("causes")) {
            causes.append(causes.isEmpty() ? "" : "\n")
                    .append(cause.path("field").asString(""))
                    .append(": ")
                    .append(cause.path("message").asString(""));
        }
        return causes.toString();
    }
}
