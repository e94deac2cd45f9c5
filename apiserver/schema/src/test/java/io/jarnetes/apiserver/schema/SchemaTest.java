package io.jarnetes.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.schema.FieldSchema.ListType;
import io.jarnetes.apiserver.schema.FieldSchema.Presence;
import io.jarnetes.apiserver.schema.FieldSchema.Shape;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SchemaTest {
    private final Schema schema = Schema.builtIn();

    /** Counts of the artifacts in use: another version of them must be looked at, not slip in. */
    @Test
    void holdsWhatTheArtifactsHold() {
        List<TypeSchema> types = schema.names().stream().map(schema::require).toList();
        List<FieldSchema> fields = types.stream().flatMap(t -> t.fields().stream()).toList();
        assertThat(types.size()).isEqualTo(801);
        assertThat(types.stream().filter(TypeSchema::published).count()).isEqualTo(778);
        assertThat(types.stream().filter(TypeSchema::atomic).count()).isEqualTo(32);
        assertThat(fields.size()).isEqualTo(3331);
        assertThat(fields.stream().filter(FieldSchema::required).count()).isEqualTo(720);
        assertThat(count(fields, f -> f.listType() == ListType.MAP)).isEqualTo(84);
        assertThat(count(fields, f -> f.listType() == ListType.ATOMIC)).isEqualTo(309);
        assertThat(count(fields, f -> f.patchMergeKey() != null)).isEqualTo(65);
        assertThat(count(fields, f -> f.defaultValue() != null)).isEqualTo(35);
    }

    private static long count(List<FieldSchema> fields, Predicate<FieldSchema> wanted) {
        return fields.stream().filter(wanted).count();
    }

    @Test
    void everyServedKindHasItsType() {
        for (ResourceDefinition definition : ResourceTable.known().all()) {
            assertThat(schema.type(definition.gvk())).as(definition.gvk().toString()).isPresent();
        }
    }

    @Test
    void fieldsAreInTheOrderOfGo() {
        assertThat(type("io.k8s.api.core.v1.Pod").fields())
                .extracting(FieldSchema::name)
                .containsExactly("kind", "apiVersion", "metadata", "spec", "status");
        assertThat(
                        type("io.k8s.kube-aggregator.pkg.apis.apiregistration.v1.APIServiceSpec")
                                .fields())
                .extracting(FieldSchema::name)
                .startsWith("service", "group", "version");
    }

    @Test
    void fieldsKnowTheirListsAndTypes() {
        FieldSchema ports = field("io.k8s.api.core.v1.Container", "ports");
        assertThat(ports.mapKeys()).containsExactly("containerPort", "protocol");
        assertThat(ports.patchMergeKey()).isEqualTo("containerPort");
        assertThat(ports.ref()).isEqualTo("io.k8s.api.core.v1.ContainerPort");
        assertThat(field("io.k8s.api.core.v1.Secret", "data"))
                .extracting(FieldSchema::shape, FieldSchema::type)
                .containsExactly(Shape.MAP, ScalarType.BYTES);
        assertThat(field("io.k8s.api.authentication.v1.UserInfo", "extra").shape())
                .isEqualTo(Shape.MAP_OF_LISTS);
        assertThat(field("io.k8s.api.core.v1.ContainerPort", "protocol").defaultValue())
                .isEqualTo("\"TCP\"");
        assertThat(field("io.k8s.api.coordination.v1.LeaseSpec", "renewTime").type())
                .isEqualTo(ScalarType.MICRO_TIME);
    }

    @Test
    void fieldsKnowWhatGoWrites() {
        assertThat(field("io.k8s.api.apps.v1.DeploymentSpec", "replicas").presence())
                .isEqualTo(Presence.POINTER);
        assertThat(field("io.k8s.api.core.v1.Container", "resources").presence())
                .isEqualTo(Presence.ALWAYS);
        assertThat(field("io.k8s.api.apps.v1.DeploymentStatus", "replicas").presence())
                .isEqualTo(Presence.OMIT_ZERO);
    }

    @Test
    void embeddedStructsAreMessagesOfTheirOwn() {
        TypeSchema volume = type("io.k8s.api.core.v1.Volume");
        assertThat(volume.inlines()).containsValue("io.k8s.api.core.v1.VolumeSource");
        assertThat(field("io.k8s.api.core.v1.Volume", "emptyDir").number()).isZero();
    }

    @Test
    void describesTypesAndFields() {
        TypeSchema port = type("io.k8s.api.core.v1.ContainerPort");
        Descriptions texts = schema.descriptions();
        assertThat(texts.of(port)).contains("network port in a single container");
        assertThat(texts.of(port, Objects.requireNonNull(port.field("protocol")))).contains("SCTP");
    }

    @Test
    void optionsAreFoundUnderEveryGroup() {
        GroupVersionKind options = new GroupVersionKind("apps", "v1", "DeleteOptions");
        assertThat(schema.type(options).orElseThrow().goName()).isEqualTo("DeleteOptions");
        assertThat(schema.type(new GroupVersionKind("apps", "v1", "Nothing"))).isEmpty();
    }

    private TypeSchema type(String name) {
        return schema.require(name);
    }

    private FieldSchema field(String type, String name) {
        return Objects.requireNonNull(type(type).field(name));
    }
}
