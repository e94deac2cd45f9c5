package io.jarnetes.apiserver.server.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.server.storage.FakeEtcdKv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Requests and their answers as upstream's API server gives them, one after the other: {@code
 * src/test/testdata/requests}. A line {@code > METHOD PATH}, lines {@code NAME: VALUE} for headers,
 * a body in any other line; then {@code < CODE REASON MESSAGE}, the reason {@code -} for none.
 */
class RequestsTest {

    private static final Path TRANSCRIPT = Path.of("src/test/testdata/requests/requests.txt");

    @Test
    void answersAreUpstreams() throws IOException {
        List<String> said = new ArrayList<>();
        List<String> wanted = new ArrayList<>();
        try (TestApi api = new TestApi(new FakeEtcdKv())) {
            for (String each : Files.readString(TRANSCRIPT).split("(?m)^> ")) {
                if (!each.isBlank() && !each.startsWith("#")) {
                    play(api, each, said, wanted);
                }
            }
        }
        assertThat(wanted).hasSizeGreaterThan(20);
        assertThat(said).isEqualTo(wanted);
    }

    private static void play(TestApi api, String text, List<String> said, List<String> wanted) {
        List<String> lines = text.strip().lines().toList();
        String[] request = lines.getFirst().split(" ", 2);
        List<String> headers = new ArrayList<>();
        String body = "";
        for (String line : lines.subList(1, lines.size() - 1)) {
            if (line.matches("[A-Z][A-Za-z-]+: .*")) {
                headers.addAll(List.of(line.split(": ", 2)));
            } else {
                body = line;
            }
        }
        TestApi.Result answer =
                api.call(request[0], request[1], body, headers.toArray(String[]::new));
        String reason = answer.body().path("reason").asString("");
        String message = answer.body().path("message").asString("");
        said.add(
                lines.getFirst()
                        + "\n< "
                        + answer.status()
                        + " "
                        + (reason.isEmpty() ? "-" : reason)
                        + (message.isEmpty() ? "" : " " + message.replace("\n", "\\n")));
        wanted.add(lines.getFirst() + "\n" + lines.getLast());
    }
}
