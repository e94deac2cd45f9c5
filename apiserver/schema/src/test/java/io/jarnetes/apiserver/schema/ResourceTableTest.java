package io.jarnetes.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResourceTableTest {
    private final ResourceTable table = ResourceTable.builtIn();

    @Test
    void servesWhatKubernetes136Serves() {
        assertThat(table.all()).hasSize(68);
        assertThat(table.all().stream().mapToInt(d -> d.subresources().size()).sum()).isEqualTo(45);
        assertThat(table.groups().stream().mapToInt(g -> g.versions().size()).sum()).isEqualTo(22);
        assertThat(table.groups())
                .extracting(ApiGroup::name)
                .startsWith("", "apiregistration.k8s.io", "apps", "events.k8s.io")
                .endsWith("resource.k8s.io", "flowcontrol.apiserver.k8s.io");
        assertThat(table.group("autoscaling").orElseThrow().versions())
                .extracting(ApiGroup.ApiVersion::version)
                .containsExactly("v2", "v1");
    }

    @Test
    void knowsVersionsThatAreOff() {
        GroupVersion off = new GroupVersion("resource.k8s.io", "v1beta2");
        assertThat(table.has(off)).isFalse();
        assertThat(ResourceTable.known().in(off)).hasSize(5);
    }

    @Test
    void hashesStoredTypes() {
        assertThat(definition("v1", "pods").storageVersionHash()).isEqualTo("xPOwRZ+Yhw8=");
        assertThat(definition("events.k8s.io/v1", "events").storageVersionHash())
                .isEqualTo("r2yiGXH7wu8=");
        assertThat(definition("autoscaling/v1", "horizontalpodautoscalers").storageVersionHash())
                .isEqualTo("qwQve8ut294=");
        assertThat(definition("v1", "bindings").storageVersionHash()).isEmpty();
    }

    @Test
    void readsPrefixesAndSubresources() {
        assertThat(definition("v1", "services").storagePrefix()).isEqualTo("services/specs");
        assertThat(definition("v1", "nodes").storagePrefix()).isEqualTo("minions");
        ResourceDefinition namespaces = definition("v1", "namespaces");
        assertThat(namespaces.allows("deletecollection")).isFalse();
        assertThat(namespaces.subresource("finalize").orElseThrow().verbs())
                .containsExactly("update");
        Subresource scale = definition("apps/v1", "deployments").subresource("scale").orElseThrow();
        assertThat(scale.kind()).isEqualTo(new GroupVersionKind("autoscaling", "v1", "Scale"));
        assertThat(scale.kindElsewhere()).isTrue();
        assertThat(definition("v1", "pods").subresource("log").orElseThrow().verbs())
                .isEqualTo(List.of("get"));
    }

    private ResourceDefinition definition(String version, String plural) {
        return table.find(GroupVersion.parse(version), plural).orElseThrow();
    }
}
