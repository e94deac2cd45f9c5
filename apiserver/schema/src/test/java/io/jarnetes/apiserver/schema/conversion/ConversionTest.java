package io.jarnetes.apiserver.schema.conversion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ConversionTest {
    private static final GroupVersionKind CORE = new GroupVersionKind("", "v1", "Event");
    private static final GroupVersionKind EVENTS =
            new GroupVersionKind("events.k8s.io", "v1", "Event");
    private static final GroupVersionKind V1 =
            new GroupVersionKind("autoscaling", "v1", "HorizontalPodAutoscaler");
    private static final GroupVersionKind V2 =
            new GroupVersionKind("autoscaling", "v2", "HorizontalPodAutoscaler");

    private final TreeCodec codec = TreeCodec.of(Schema.builtIn());
    private final Conversion conversion = new Conversion(codec);

    private ObjectNode read(String yaml, GroupVersionKind kind) throws DecodeException {
        return codec.decode(yaml.getBytes(UTF_8), MediaType.YAML, kind).object();
    }

    @Test
    void eventsHaveTwoVocabularies() throws DecodeException {
        ObjectNode event =
                read(
                        "{metadata: {name: e}, regarding: {kind: Pod, name: p}, note: n,"
                                + " reportingController: c, type: Normal, reason: R,"
                                + " eventTime: '2026-01-02T03:04:05.000006Z'}",
                        EVENTS);
        ObjectNode core = conversion.convert(event.deepCopy(), CORE);
        assertThat(core.at("/involvedObject/name").asString()).isEqualTo("p");
        assertThat(core.path("message").asString()).isEqualTo("n");
        assertThat(core.path("reportingComponent").asString()).isEqualTo("c");
        assertThat(core.has("note")).isFalse();
        assertThat(conversion.convert(core, EVENTS)).isEqualTo(event);
    }

    @Test
    void autoscalersKeepWhatV1CannotSayInAnnotations() throws DecodeException {
        ObjectNode v2 =
                read(
                        "{metadata: {name: h}, spec: {maxReplicas: 3, metrics: [{type: Pods, pods:"
                                + " {metric: {name: m}, target: {type: AverageValue, averageValue: 1}}},"
                                + " {type: Resource, resource: {name: cpu, target: {type: Utilization,"
                                + " averageUtilization: 80}}}], behavior: {scaleDown: {selectPolicy:"
                                + " Max}}}, status: {conditions: [{type: A, status: 'True'}]}}",
                        V2);
        ObjectNode v1 = conversion.convert(v2.deepCopy(), V1);
        assertThat(v1.at("/spec/targetCPUUtilizationPercentage").asInt()).isEqualTo(80);
        assertThat(v1.path("spec").has("metrics")).isFalse();
        assertThat(conversion.convert(v1, V2).path("spec")).isEqualTo(v2.path("spec"));
    }

    @Test
    void othersChangeTheirVersionOnly() throws DecodeException {
        GroupVersionKind pod = new GroupVersionKind("", "v1", "Pod");
        ObjectNode object = read("{metadata: {name: p}}", pod);
        assertThat(conversion.convert(object.deepCopy(), pod)).isEqualTo(object);
    }
}
