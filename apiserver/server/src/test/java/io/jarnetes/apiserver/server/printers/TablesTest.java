package io.jarnetes.apiserver.server.printers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.RawTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class TablesTest {
    private static final Path CASES = Path.of("src/test/testdata/printers/rows.txt");
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final Tables.Form FORM = new Tables.Form("v1", IncludeObject.METADATA, true);

    private final Tables tables = new Tables(Schema.builtIn());

    /** A case: a name; the object in flow YAML, with its kind; the cells as JSON. */
    @TestFactory
    Stream<DynamicTest> printsRows() throws IOException {
        return Arrays.stream(Files.readString(CASES).split("\n=== "))
                .map(text -> text.strip().split("\n"))
                .filter(lines -> lines.length >= 3)
                .map(lines -> DynamicTest.dynamicTest(lines[0], () -> play(lines)));
    }

    private void play(String[] lines) throws DecodeException {
        String yaml = String.join("\n", Arrays.copyOfRange(lines, 1, lines.length - 1));
        ObjectNode object = tree(yaml);
        ObjectNode table = tables.table(object.path("kind").asString(), object, FORM, NOW);
        assertThat(table.at("/rows/0/cells").toString()).isEqualTo(lines[lines.length - 1]);
    }

    private static ObjectNode tree(String yaml) throws DecodeException {
        return (ObjectNode) RawTree.read(yaml.getBytes(UTF_8), MediaType.YAML).tree();
    }

    /** Every kind that can be listed prints as many cells as it has columns. */
    @Test
    void hasACellForEachColumn() throws DecodeException {
        for (String kind :
                ResourceTable.known().all().stream()
                        .filter(d -> d.allows("list"))
                        .map(d -> d.kind())
                        // Upstream sends an age here that no column names.
                        .filter(kind -> !kind.equals("IPAddress"))
                        .distinct()
                        .toList()) {
            ObjectNode table = tables.table(kind, tree("{metadata: {name: a}}"), FORM, NOW);
            assertThat(table.at("/rows/0/cells").size())
                    .as(kind)
                    .isEqualTo(table.path("columnDefinitions").size());
        }
    }

    @Test
    void keepsListMetadataAndOrder() throws DecodeException {
        ObjectNode list =
                tree(
                        "{metadata: {resourceVersion: '7', continue: c}, items:"
                                + " [{metadata: {name: b}}, {metadata: {name: a}}]}");
        ObjectNode table = tables.table("ServiceAccount", list, FORM, NOW);
        assertThat(table.path("metadata").toString())
                .isEqualTo("{\"resourceVersion\":\"7\",\"continue\":\"c\"}");
        assertThat(table.at("/rows/0/cells/0").asString()).isEqualTo("b");
        assertThat(table.at("/rows/0/object").toString())
                .isEqualTo(
                        "{\"kind\":\"PartialObjectMetadata\",\"apiVersion\":\"meta.k8s.io/v1\","
                                + "\"metadata\":{\"name\":\"b\"}}");
    }

    @Test
    void namesColumnsOnceInAWatch() throws DecodeException {
        Tables.Form later = new Tables.Form("v1", IncludeObject.NONE, false);
        ObjectNode table = tables.table("Pod", tree("{metadata: {name: b}}"), later, NOW);
        assertThat(table.path("columnDefinitions").isNull()).isTrue();
        assertThat(table.at("/rows/0/object").isNull()).isTrue();
    }

    @Test
    void sortsFlowSchemasByPrecedence() throws DecodeException {
        ObjectNode list =
                tree(
                        "{items: [{metadata: {name: b}, spec: {matchingPrecedence: 2}},"
                                + " {metadata: {name: a}, spec: {matchingPrecedence: 1}}]}");
        List<String> names =
                tables.table("FlowSchema", list, FORM, NOW)
                        .path("rows")
                        .valueStream()
                        .map(r -> r.at("/cells/0").asString())
                        .toList();
        assertThat(names).containsExactly("a", "b");
    }

    @Test
    void readsIncludeObject() {
        assertThat(IncludeObject.of("")).contains(IncludeObject.METADATA);
        assertThat(IncludeObject.of("None")).contains(IncludeObject.NONE);
        assertThat(IncludeObject.of("Foo")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "-3, <invalid>",
        "-1, 0s",
        "0, 0s",
        "119, 119s",
        "120, 2m",
        "121, 2m1s",
        "600, 10m",
        "10799, 179m",
        "10800, 3h",
        "11000, 3h3m",
        "28800, 8h",
        "172800, 2d",
        "180000, 2d2h",
        "691200, 8d",
        "63072000, 2y",
        "65664000, 2y30d",
        "252288000, 8y",
    })
    void writesDurationsForPeople(long seconds, String text) {
        assertThat(HumanDuration.of(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    @Test
    void reducesToMetadata() throws DecodeException {
        ObjectNode list =
                tree(
                        "{metadata: {resourceVersion: '1'}, items: [{metadata: {name: a}, spec: {}}]}");
        JsonNode partial = PartialMetadata.ofList(list, "v1");
        assertThat(partial.at("/items/0").has("spec")).isFalse();
        assertThat(partial.path("kind").asString()).isEqualTo("PartialObjectMetadataList");
    }
}
