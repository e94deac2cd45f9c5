package io.jarnetes.kubeclient;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.node.ObjectNode;

/**
 * Replays the transcripts of a folder: a line that begins with {@code >} is a command, the lines
 * after it are what it must print. With {@code -Drewrite=true} the files are written anew; a
 * rewrite is committed only by someone who can explain the difference.
 */
public final class Transcripts {

    /** What the commands of one file mean; each file gets one of its own. */
    @FunctionalInterface
    public interface Interpreter {
        /**
         * @return the lines that it prints, without indent
         */
        List<String> run(String command) throws Exception;
    }

    private Transcripts() {}

    /**
     * One test for each file.
     *
     * @param folder such as {@code src/test/testdata/rollout}
     */
    public static Stream<DynamicTest> of(String folder, Supplier<Interpreter> interpreters)
            throws IOException {
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            return files.sorted().toList().stream()
                    .map(file ->
                            DynamicTest.dynamicTest(
                                    file.getFileName().toString(),
                                    () -> replay(file, interpreters.get())));
        }
    }

    private static void replay(Path file, Interpreter interpreter) throws Exception {
        List<String> expected = Files.readAllLines(file);
        List<String> actual = new ArrayList<>();
        for (String line : expected) {
            if (line.startsWith(">")) {
                actual.add(line);
                interpreter.run(line.substring(1).strip()).forEach(out -> actual.add("  " + out));
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

    /** A command: its first word, the words after it, and an object in YAML's flow style. */
    public record Command(String verb, List<String> words, ObjectNode body) {

        /** {@code verb word word {a: {b: 1}}}. */
        public static Command of(String line) {
            int brace = line.indexOf('{');
            String head = brace < 0 ? line : line.substring(0, brace);
            List<String> words = List.of(head.strip().split("\\s+"));
            return new Command(
                    words.getFirst(),
                    words.subList(1, words.size()),
                    brace < 0 ? Json.object() : yaml(line.substring(brace)));
        }

        /** The word at this place; empty if there are fewer. */
        public String word(int at) {
            return at < words.size() ? words.get(at) : "";
        }

        /** The number at this place. */
        public int number(int at, int otherwise) {
            return at < words.size() ? Integer.parseInt(words.get(at)) : otherwise;
        }

        public IllegalArgumentException unknown() {
            return new IllegalArgumentException("no command of this transcript: " + verb);
        }
    }

    /** An object written as YAML. */
    public static ObjectNode yaml(String text) {
        LoaderOptions options = new LoaderOptions();
        Object loaded = new Yaml(new Texts(options)).load(text);
        return (ObjectNode) Json.tree(loaded);
    }

    /** Timestamps stay the text that they are. */
    private static final class Texts extends SafeConstructor {

        Texts(LoaderOptions options) {
            super(options);
            yamlConstructors.put(
                    org.yaml.snakeyaml.nodes.Tag.TIMESTAMP,
                    new org.yaml.snakeyaml.constructor.AbstractConstruct() {
                        @Override
                        public Object construct(org.yaml.snakeyaml.nodes.Node node) {
                            return ((org.yaml.snakeyaml.nodes.ScalarNode) node).getValue();
                        }
                    });
        }
    }
}
