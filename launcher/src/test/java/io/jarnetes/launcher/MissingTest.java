package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Calls every command line in docs/MISSING.md's code blocks and sees the sentence that says so. */
class MissingTest {

    @TempDir Path dir;

    @TestFactory
    Stream<DynamicTest> eachSaysSo() throws IOException {
        List<String> commands = MissingList.lines("");
        assertThat(commands).hasSizeGreaterThan(10);
        return commands.stream().map(command -> dynamicTest(command, () -> call(command)));
    }

    private static void call(String command) {
        List<String> words = List.of(command.split(" "));
        Supplier<Program> program =
                java.util.Objects.requireNonNull(Programs.all().get(words.getFirst()), command);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);
        int status;
        try {
            status =
                    program.get()
                            .run(
                                    new Invocation(
                                            words.subList(1, words.size()),
                                            Map.of(),
                                            out,
                                            out,
                                            CompletableFuture.completedFuture(null)));
        } catch (Exception e) {
            status = 1;
            out.println(e.getMessage());
        }
        assertThat(status).isNotZero();
        String said = text.toString(StandardCharsets.UTF_8);
        assertThat(said).containsPattern("is not (there|supported) yet");
        if (words.size() > 1 && words.get(1).startsWith("--")) {
            String flag = words.get(1).substring(2, words.get(1).indexOf('='));
            assertThat(said).contains(flag);
        }
    }
}
