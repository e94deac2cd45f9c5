package io.jarnetes.apiserver.server.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.schema.GroupVersion;
import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.schema.codec.GoJson;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DiscoveryTest {
    private final Discovery discovery = new Discovery(ResourceTable.builtIn(), "192.0.2.10:6443");

    @Test
    void namesTheCoreVersions() {
        assertThat(discovery.apiVersions().toString())
                .isEqualTo(
                        "{\"kind\":\"APIVersions\",\"versions\":[\"v1\"],"
                                + "\"serverAddressByClientCIDRs\":[{\"clientCIDR\":\"0.0.0.0/0\","
                                + "\"serverAddress\":\"192.0.2.10:6443\"}]}");
    }

    @Test
    void listsGroupsByPriority() {
        JsonNode groups = discovery.groupList().path("groups");
        assertThat(groups.size()).isEqualTo(20);
        assertThat(groups.at("/0/name").asString()).isEqualTo("apiregistration.k8s.io");
        assertThat(discovery.group("autoscaling").orElseThrow().at("/preferredVersion/version"))
                .hasToString("\"v2\"");
        assertThat(discovery.group("none")).isEmpty();
    }

    @Test
    void listsResourcesByName() {
        JsonNode core = discovery.resourceList(new GroupVersion("", "v1")).orElseThrow();
        assertThat(core.has("apiVersion")).isFalse();
        assertThat(core.at("/resources/0").toString())
                .isEqualTo(
                        "{\"name\":\"bindings\",\"singularName\":\"binding\",\"namespaced\":true,"
                                + "\"kind\":\"Binding\",\"verbs\":[\"create\"]}");
        JsonNode apps = discovery.resourceList(new GroupVersion("apps", "v1")).orElseThrow();
        assertThat(apps.toString())
                .startsWith("{\"kind\":\"APIResourceList\",\"apiVersion\":\"v1\"")
                .contains(
                        "{\"name\":\"deployments/scale\",\"singularName\":\"\",\"namespaced\":true,"
                                + "\"group\":\"autoscaling\",\"version\":\"v1\",\"kind\":\"Scale\"");
        assertThat(discovery.resourceList(new GroupVersion("apps", "v2"))).isEmpty();
    }

    @Test
    void aggregates() {
        JsonNode groups = discovery.aggregatedGroups();
        assertThat(groups.path("items").size()).isEqualTo(20);
        assertThat(groups.at("/items/1/versions/0/resources/2").toString())
                .startsWith(
                        "{\"resource\":\"deployments\",\"responseKind\":{\"group\":\"\","
                                + "\"version\":\"\",\"kind\":\"Deployment\"},\"scope\":\"Namespaced\"")
                .contains("\"shortNames\":[\"deploy\"],\"categories\":[\"all\"]");
        assertThat(discovery.aggregatedCore().at("/items/0/metadata").isEmpty()).isTrue();
        String tag = ETag.of(GoJson.line(groups));
        assertThat(tag).matches("[0-9A-F]{128}").isEqualTo(ETag.of(GoJson.line(groups)));
    }
}
