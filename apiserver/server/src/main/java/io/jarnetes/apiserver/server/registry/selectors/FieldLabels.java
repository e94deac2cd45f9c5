package io.jarnetes.apiserver.server.registry.selectors;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which fields a kind can be selected by, and their values.
 *
 * @param fields of {@link #of}; null for kinds that know {@code metadata.name} and {@code
 *     metadata.namespace} only
 */
public final class FieldLabels {

    private static final FieldLabels METADATA = new FieldLabels(null, Map.of());

    private static final List<String> EVENT_FIELDS =
            List.of(
                    "involvedObject.kind",
                    "involvedObject.namespace",
                    "involvedObject.name",
                    "involvedObject.uid",
                    "involvedObject.apiVersion",
                    "involvedObject.resourceVersion",
                    "involvedObject.fieldPath",
                    "reason",
                    "reportingComponent",
                    "source",
                    "type");

    /** By plural and group, as {@code pods} or {@code jobs.batch}. */
    private static final Map<String, FieldLabels> KINDS = kinds();

    private final @Nullable Set<String> names;
    private final Map<String, String> renamed;

    private FieldLabels(@Nullable Set<String> names, Map<String, String> renamed) {
        this.names = names;
        this.renamed = renamed;
    }

    /** Those of a resource, named as messages name it. */
    public static FieldLabels of(String resource) {
        return KINDS.getOrDefault(resource, METADATA);
    }

    /** Those of a kind that declares its fields, in upstream's dotted form. */
    public static FieldLabels declared(List<String> fields) {
        return fields(fields);
    }

    private static Map<String, FieldLabels> kinds() {
        Map<String, FieldLabels> kinds = new HashMap<>();
        kinds.put(
                "pods",
                new FieldLabels(
                        Set.of(
                                "spec.nodeName",
                                "spec.restartPolicy",
                                "spec.schedulerName",
                                "spec.serviceAccountName",
                                "spec.hostNetwork",
                                "status.phase",
                                "status.podIP",
                                "status.podIPs",
                                "status.nominatedNodeName"),
                        Map.of("spec.host", "spec.nodeName")));
        kinds.put("events", fields(EVENT_FIELDS));
        kinds.put(
                "events.events.k8s.io",
                new FieldLabels(
                        Set.copyOf(EVENT_FIELDS),
                        Map.of(
                                "regarding.kind", "involvedObject.kind",
                                "regarding.namespace", "involvedObject.namespace",
                                "regarding.name", "involvedObject.name",
                                "regarding.uid", "involvedObject.uid",
                                "regarding.apiVersion", "involvedObject.apiVersion",
                                "regarding.resourceVersion", "involvedObject.resourceVersion",
                                "regarding.fieldPath", "involvedObject.fieldPath",
                                "reportingController", "reportingComponent")));
        kinds.put("nodes", fields(List.of("spec.unschedulable")));
        kinds.put("namespaces", fields(List.of("status.phase")));
        kinds.put("secrets", fields(List.of("type")));
        kinds.put("services", fields(List.of("spec.clusterIP", "spec.type")));
        kinds.put("replicationcontrollers", fields(List.of("status.replicas")));
        kinds.put("jobs.batch", fields(List.of("status.successful")));
        kinds.put(
                "certificatesigningrequests.certificates.k8s.io",
                fields(List.of("spec.signerName")));
        kinds.put(
                "resourceslices.resource.k8s.io", fields(List.of("spec.nodeName", "spec.driver")));
        return kinds;
    }

    private static FieldLabels fields(List<String> names) {
        return new FieldLabels(Set.copyOf(names), Map.of());
    }

    /**
     * The selector in our own field names.
     *
     * @throws SelectorException for a field that the kind does not know
     */
    public FieldSelector check(FieldSelector selector) throws SelectorException {
        FieldSelector ours = selector.renamed(name -> renamed.getOrDefault(name, name));
        for (FieldSelector.Term term : ours.terms()) {
            String field = term.field();
            if (field.equals("metadata.name") || field.equals("metadata.namespace")) {
                continue;
            }
            if (names == null) {
                throw new SelectorException(
                        "\""
                                + field
                                + "\" is not a known field selector: only \"metadata.name\","
                                + " \"metadata.namespace\"");
            }
            if (!names.contains(field)) {
                throw new SelectorException("field label not supported: " + field);
            }
        }
        return ours;
    }

    /** The values of all fields. */
    public Map<String, String> values(ObjectNode object) {
        Map<String, String> values = new LinkedHashMap<>();
        JsonNode metadata = object.path("metadata");
        values.put("metadata.name", metadata.path("name").asString(""));
        values.put("metadata.namespace", metadata.path("namespace").asString(""));
        if (names != null) {
            names.forEach(name -> values.put(name, value(object, name)));
        }
        return values;
    }

    private static String value(ObjectNode object, String field) {
        return switch (field) {
            case "spec.unschedulable", "spec.hostNetwork" ->
                    Boolean.toString(at(object, field).asBoolean(false));
            case "status.replicas" -> Long.toString(at(object, field).asLong(0));
            case "status.successful" -> Long.toString(at(object, "status.succeeded").asLong(0));
            case "source" -> {
                String component = at(object, "source.component").asString("");
                yield component.isEmpty()
                        ? at(object, "reportingComponent").asString("")
                        : component;
            }
            case "status.podIPs" -> {
                JsonNode ips = at(object, field);
                StringBuilder text = new StringBuilder();
                ips.forEach(ip ->
                        text.append(text.isEmpty() ? "" : ",").append(ip.path("ip").asString("")));
                yield text.toString();
            }
            default -> at(object, field).asString("");
        };
    }

    private static JsonNode at(ObjectNode object, String path) {
        JsonNode node = object;
        for (String name : path.split("\\.")) {
            node = node.path(name);
        }
        return node;
    }
}
