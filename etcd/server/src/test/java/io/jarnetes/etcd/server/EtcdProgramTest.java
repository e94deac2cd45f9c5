package io.jarnetes.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.Invocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code etcd} does not start with: {@code src/test/testdata/program.txt} has command lines,
 * with variables before the program, and the exit status and the words that upstream's ends with.
 * {@code FILE{...}} is a configuration file with this text.
 */
class EtcdProgramTest {
    private final JsonMapper json = JsonMapper.builder().build();

    @TempDir Path dir;

    @TestFactory
    Stream<DynamicTest> commandLines() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("src/test/testdata/program.txt"));
        List<DynamicTest> tests = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("> ")) {
                String line = lines.get(i).substring(2);
                String expected = lines.get(i + 1).strip();
                tests.add(
                        DynamicTest.dynamicTest(
                                line, () -> assertThat(outcome(line)).isEqualTo(expected)));
            }
        }
        return tests.stream();
    }

    private String outcome(String line) throws Exception {
        Map<String, String> env = new java.util.HashMap<>();
        List<String> args = new ArrayList<>();
        boolean program = false;
        for (String word : line.split(" ")) {
            if (word.equals("etcd")) {
                program = true;
            } else if (program) {
                args.add(word.contains("FILE{") ? withFile(word) : word);
            } else {
                env.put(word.split("=", 2)[0], word.split("=", 2)[1]);
            }
        }
        if (args.stream().noneMatch(a -> a.startsWith("--data-dir") || a.contains("config-file"))) {
            args.add("--data-dir=" + dir.resolve("data"));
        }
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status =
                new EtcdProgram()
                        .run(
                                new Invocation(
                                        args,
                                        env,
                                        new PrintStream(OutputStream.nullOutputStream()),
                                        new PrintStream(err, true, StandardCharsets.UTF_8),
                                        CompletableFuture.completedFuture(null)));
        return status + " " + words(err.toString(StandardCharsets.UTF_8)).strip();
    }

    /** Spaces of the file's text are underscores there, line ends are semicolons. */
    private String withFile(String word) throws IOException {
        int open = word.indexOf("FILE{");
        String text = word.substring(open + 5, word.length() - 1);
        Path file = dir.resolve("etcd.yaml");
        Files.writeString(file, text.replace('_', ' ').replace(';', '\n') + "\n");
        return word.substring(0, open) + file;
    }

    /** The error of the last line of the log, or the first line that is none. */
    private String words(String err) {
        String found = "";
        for (String line : err.lines().toList()) {
            if (!line.startsWith("{")) {
                return line;
            }
            JsonNode entry = json.readTree(line);
            found = entry.has("error") ? entry.get("error").asString() : found;
        }
        return found;
    }
}
