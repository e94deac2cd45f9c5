package io.jarnetes.apiserver.server.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.RawTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class StrategicMergePatchTest {
    private static final Path CASES = Path.of("src/test/testdata/patch/strategic.txt");
    private static final String POD_SPEC = "io.k8s.api.core.v1.PodSpec";

    private final Schema schema = Schema.builtIn();

    /** A case: a name, then type, original, patch and outcome, a line each, in flow YAML. */
    @TestFactory
    Stream<DynamicTest> merges() throws IOException {
        return Arrays.stream(Files.readString(CASES).split("\n=== "))
                .map(text -> text.strip().split("\n"))
                .filter(lines -> lines.length == 5)
                .map(lines -> DynamicTest.dynamicTest(lines[0], () -> play(lines)));
    }

    private void play(String[] lines) throws DecodeException, PatchException {
        assertThat(apply(lines[1], lines[2], lines[3])).isEqualTo(tree(lines[4]));
    }

    private ObjectNode apply(String type, String original, String patch)
            throws DecodeException, PatchException {
        return new StrategicMergePatch(schema)
                .apply(schema.require(type), (ObjectNode) tree(original), tree(patch));
    }

    private static JsonNode tree(String yaml) throws DecodeException {
        return RawTree.read(yaml.getBytes(StandardCharsets.UTF_8), MediaType.YAML).tree();
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> apply(POD_SPEC, "{}", "{$patch: bend}"))
                .hasMessage("unknown patch type: bend in map: map[$patch:bend]");
        assertThatThrownBy(() ->
                        apply(POD_SPEC, "{containers: [{name: a}]}", "{containers: [{image: b}]}"))
                .hasMessage("map: map[image:b] does not contain declared merge key: name");
        assertThatThrownBy(() -> apply(POD_SPEC, "{}", "[]")).hasMessage("invalid JSON document");
        assertThatThrownBy(() -> apply(POD_SPEC, "{}", "{$retainKeys: a}"))
                .hasMessage("invalid patch format of retainKeys");
    }
}
