package io.jarnetes.apiserver.server.registry.managedfields;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class SchemaFieldManagerTest {

    private final Schema schema = Schema.builtIn();
    private final TreeCodec codec = TreeCodec.of(schema);
    private final SchemaFieldManager manager = new SchemaFieldManager(schema, codec);

    private ObjectNode read(String yaml, String version, String kind) throws DecodeException {
        GroupVersionKind expected = new GroupVersionKind("apps", version, kind);
        byte[] body = yaml.getBytes(StandardCharsets.UTF_8);
        return codec.decode(body, MediaType.YAML, expected).object();
    }

    private static final String DEPLOYMENT =
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: d, labels: {app: d}}
            spec:
              replicas: 2
              selector: {matchLabels: {app: d}}
              strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%}}
              template:
                metadata: {labels: {app: d}}
                spec:
                  containers:
                  - name: nginx
                    image: nginx
                    ports: [{containerPort: 80, protocol: TCP}]
            """;

    @Test
    void aCreateTakesWhatIsThere() throws DecodeException {
        ObjectNode object = read(DEPLOYMENT, "v1", "Deployment");
        manager.noteUpdate(object, null, "kubectl-create", "", "2026-01-01T00:00:00Z");
        assertThat(object.path("metadata").path("managedFields").get(0).path("fieldsV1").toString())
                .isEqualTo(
                        "{\"f:metadata\":{\"f:labels\":{\".\":{},\"f:app\":{}}},"
                                + "\"f:spec\":{\"f:replicas\":{},\"f:selector\":{},"
                                + "\"f:strategy\":{\"f:rollingUpdate\":{\".\":{},\"f:maxSurge\":{}},"
                                + "\"f:type\":{}},\"f:template\":{\"f:metadata\":{\"f:labels\":"
                                + "{\".\":{},\"f:app\":{}}},\"f:spec\":{\"f:containers\":"
                                + "{\"k:{\\\"name\\\":\\\"nginx\\\"}\":{\".\":{},\"f:image\":{},"
                                + "\"f:name\":{},\"f:ports\":{\".\":{},"
                                + "\"k:{\\\"containerPort\\\":80,\\\"protocol\\\":\\\"TCP\\\"}\":"
                                + "{\".\":{},\"f:containerPort\":{},\"f:protocol\":{}}},"
                                + "\"f:resources\":{}}}}}}}");
    }

    @Test
    void anUpdateTakesFieldsFromOthers() throws DecodeException {
        ObjectNode object = read(DEPLOYMENT, "v1", "Deployment");
        manager.noteUpdate(object, null, "one", "", "2026-01-01T00:00:00Z");
        ObjectNode changed = object.deepCopy();
        ((ObjectNode) changed.get("spec")).put("replicas", 5);
        manager.noteUpdate(changed, object, "two", "", "2026-01-02T00:00:00Z");
        var entries = changed.path("metadata").path("managedFields");
        assertThat(entries.size()).isEqualTo(2);
        assertThat(entries.get(0).path("manager").asString()).isEqualTo("one");
        assertThat(entries.get(0).path("fieldsV1").path("f:spec").has("f:replicas")).isFalse();
        assertThat(entries.get(1).path("fieldsV1").toString())
                .isEqualTo("{\"f:spec\":{\"f:replicas\":{}}}");
    }

    @Test
    void nothingChangedNothingTaken() throws DecodeException {
        ObjectNode object = read(DEPLOYMENT, "v1", "Deployment");
        manager.noteUpdate(object, null, "one", "", "2026-01-01T00:00:00Z");
        ObjectNode same = object.deepCopy();
        manager.noteUpdate(same, object, "two", "", "2026-01-02T00:00:00Z");
        assertThat(same).isEqualTo(object);
    }
}
