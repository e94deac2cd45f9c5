package io.jarnetes.apiserver.schema.defaults;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class DefaultsTest {
    private static final Path DATA = Path.of("src/test/testdata/defaults");
    private static final GroupVersionKind NONE = new GroupVersionKind("", "v1", "None");
    private static final boolean REWRITE = Boolean.getBoolean("rewrite");

    private final Schema schema = Schema.builtIn();
    private final TreeCodec codec = TreeCodec.of(schema);
    private final Defaults defaults =
            new Defaults(schema, () -> Instant.parse("2026-01-02T03:04:05Z"));

    /** Each file: what a user sends, a line {@code ----}, the object with its defaults. */
    @TestFactory
    Stream<DynamicTest> fillsIn() throws IOException {
        return Files.list(DATA)
                .sorted()
                .map(file ->
                        DynamicTest.dynamicTest(file.getFileName().toString(), () -> play(file)));
    }

    private void play(Path file) throws IOException, DecodeException {
        String[] part = Files.readString(file).split("----\n");
        ObjectNode object = defaulted(part[0]);
        String written = new String(codec.encode(object, MediaType.YAML), StandardCharsets.UTF_8);
        if (REWRITE) {
            Files.writeString(file, part[0] + "----\n" + written);
        } else {
            assertThat(written).isEqualTo(part[1]);
        }
        ObjectNode again = object.deepCopy();
        defaults.apply(again);
        assertThat(codec.canonical(again)).isEqualTo(object);
    }

    private ObjectNode defaulted(String yaml) throws DecodeException {
        ObjectNode object =
                codec.decode(yaml.getBytes(StandardCharsets.UTF_8), MediaType.YAML, NONE).object();
        defaults.apply(object);
        return codec.canonical(object);
    }

    @ParameterizedTest
    @CsvSource({
        "nginx, Always",
        "nginx:latest, Always",
        "nginx:1, IfNotPresent",
        "registry:5000/nginx, Always",
        "registry:5000/a/nginx:2, IfNotPresent",
        "nginx@sha256:0123, IfNotPresent",
        "Nginx, IfNotPresent",
        "'', IfNotPresent",
    })
    void pullsByTag(String image, String policy) {
        assertThat(CoreRules.pullPolicy(image)).isEqualTo(policy);
    }

    @Test
    void leavesUnknownKindsAlone() {
        ObjectNode custom =
                (ObjectNode)
                        JsonMapper.shared()
                                .readTree("{\"kind\":\"Foo\",\"apiVersion\":\"x.y/v1\"}");
        defaults.apply(custom);
        assertThat(custom.size()).isEqualTo(2);
    }
}
