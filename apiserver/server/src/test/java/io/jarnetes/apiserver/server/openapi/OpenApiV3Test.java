package io.jarnetes.apiserver.server.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.schema.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenApiV3Test {
    private static final String DEPLOYMENT =
            "/apis/apps/v1/namespaces/{namespace}/deployments/{name}";

    private final OpenApiV3 openApi =
            new OpenApiV3(Schema.builtIn(), ResourceTable.builtIn(), "1.36");

    private JsonNode document(String name) {
        return JsonMapper.shared().readTree(openApi.document(name).orElseThrow());
    }

    @Test
    void indexesEveryGroupAndVersion() {
        JsonNode paths = JsonMapper.shared().readTree(openApi.index()).path("paths");
        assertThat(paths.size()).isEqualTo(47);
        assertThat(paths.path("apis/apps/v1").path("serverRelativeURL").asString())
                .matches("/openapi/v3/apis/apps/v1\\?hash=[0-9A-F]{128}")
                .endsWith(openApi.hash("apis/apps/v1"));
        assertThat(openApi.hash("apis/apps/v1")).isNotEqualTo(openApi.hash("apis/batch/v1"));
        assertThat(openApi.document("apis/none/v1")).isEmpty();
        assertThat(openApi.document("version")).isPresent();
    }

    @Test
    void rendersTypes() {
        JsonNode schemas = document("api/v1").at("/components/schemas");
        JsonNode port = schemas.path("io.k8s.api.core.v1.ContainerPort");
        assertThat(port.path("required").toString()).isEqualTo("[\"containerPort\"]");
        JsonNode protocol = port.at("/properties/protocol");
        assertThat(protocol.path("default").asString()).isEqualTo("TCP");
        assertThat(protocol.path("enum").toString()).isEqualTo("[\"SCTP\",\"TCP\",\"UDP\"]");
        JsonNode pod = schemas.path("io.k8s.api.core.v1.Pod");
        assertThat(pod.path("x-kubernetes-group-version-kind").toString())
                .isEqualTo("[{\"group\":\"\",\"kind\":\"Pod\",\"version\":\"v1\"}]");
        assertThat(pod.at("/properties/spec/allOf/0/$ref").asString())
                .isEqualTo("#/components/schemas/io.k8s.api.core.v1.PodSpec");
        JsonNode ports = schemas.path("io.k8s.api.core.v1.Container").at("/properties/ports");
        assertThat(ports.path("x-kubernetes-list-map-keys").toString())
                .isEqualTo("[\"containerPort\",\"protocol\"]");
        assertThat(ports.path("x-kubernetes-patch-merge-key").asString())
                .isEqualTo("containerPort");
    }

    /** What kubectl looks for before it trusts the server with field validation. */
    @Test
    void patchesSayThatTheyValidateFields() {
        JsonNode patch = document("apis/apps/v1").path("paths").path(DEPLOYMENT).path("patch");
        assertThat(patch.path("operationId").asString())
                .isEqualTo("patchAppsV1NamespacedDeployment");
        assertThat(patch.path("x-kubernetes-group-version-kind").toString())
                .isEqualTo("{\"group\":\"apps\",\"version\":\"v1\",\"kind\":\"Deployment\"}");
        assertThat(patch.path("parameters").valueStream().map(p -> p.path("name").asString()))
                .contains("fieldValidation", "dryRun", "force");
    }

    @Test
    void referencesLeadSomewhere() {
        for (String name : List.of("api/v1", "apis/apiextensions.k8s.io/v1", "apis")) {
            JsonNode document = document(name);
            List<String> references = new ArrayList<>();
            collect(document, references);
            for (String reference : references) {
                assertThat(
                                document.at("/components/schemas")
                                        .has(reference.substring("#/components/schemas/".length())))
                        .as(reference)
                        .isTrue();
            }
        }
    }

    private static void collect(JsonNode node, List<String> references) {
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            if (entry.getKey().equals("$ref") && entry.getValue().isString()) {
                references.add(entry.getValue().asString());
            }
            collect(entry.getValue(), references);
        }
        if (node.isArray()) {
            node.forEach(item -> collect(item, references));
        }
    }
}
