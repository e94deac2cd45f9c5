package io.jarnetes.apiserver.schema.conversion;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Converts between the versions of built-in kinds; most differ in {@code apiVersion} alone. */
public final class Conversion {
    private static final String EVENTS = "events.k8s.io";

    /** events.k8s.io/v1's names for core/v1's fields. */
    private static final Map<String, String> EVENT_FIELDS =
            Map.of(
                    "regarding", "involvedObject",
                    "note", "message",
                    "reportingController", "reportingComponent",
                    "deprecatedSource", "source",
                    "deprecatedFirstTimestamp", "firstTimestamp",
                    "deprecatedLastTimestamp", "lastTimestamp",
                    "deprecatedCount", "count");

    private static final Map<String, String> CORE_EVENT_FIELDS =
            EVENT_FIELDS.entrySet().stream()
                    .collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

    private final TreeCodec codec;

    public Conversion(TreeCodec codec) {
        this.codec = codec;
    }

    /**
     * The object as {@code to} says it.
     *
     * @param object may be changed, and may be the answer
     */
    public ObjectNode convert(ObjectNode object, GroupVersionKind to) {
        GroupVersionKind from = GroupVersionKind.of(object);
        object.put("kind", to.kind());
        object.put("apiVersion", to.apiVersion());
        if (from.kind().equals("Event") && !from.group().equals(to.group())) {
            rename(object, to.group().equals(EVENTS) ? CORE_EVENT_FIELDS : EVENT_FIELDS);
            return codec.canonical(object);
        }
        if (from.kind().equals("HorizontalPodAutoscaler") && !from.version().equals(to.version())) {
            if (to.version().equals("v1")) {
                Autoscalers.toV1(object);
            } else {
                Autoscalers.toV2(object);
            }
            return codec.canonical(object);
        }
        return object;
    }

    private static void rename(ObjectNode object, Map<String, String> names) {
        names.forEach((here, there) -> {
            JsonNode value = object.remove(here);
            if (value != null) {
                object.set(there, value);
            }
        });
    }
}
