package io.jarnetes.apiserver.server.registry;

import io.jarnetes.apiserver.server.storage.StoredObject;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code scale}: an {@code autoscaling/v1 Scale} that stands for a workload's replicas. */
public final class ScaleStore implements Store {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final GenericStore store;
    private final Function<ObjectNode, String> selector;

    /**
     * @param selector the pods' selector as text
     */
    public ScaleStore(GenericStore store, Function<ObjectNode, String> selector) {
        this.store = store;
        this.selector = selector;
    }

    @Override
    public GroupResource resource() {
        return store.resource();
    }

    @Override
    public StoredObject get(RequestContext context, String name, String resourceVersion) {
        StoredObject parent = store.get(context, name, resourceVersion);
        byte[] json = MAPPER.writeValueAsBytes(scaleOf(parent.tree()));
        return new StoredObject(parent.key(), parent.revision(), json);
    }

    @Override
    public Updated update(
            RequestContext context,
            String name,
            UpdateFunction change,
            boolean mayCreate,
            AdmissionHook admission) {
        ScaleAdmission onScale = new ScaleAdmission(admission);
        Updated updated =
                store.updateWith(
                        context,
                        name,
                        parent -> scaled(context, parent, change, onScale),
                        false,
                        onScale.afterwards(),
                        store.preparation()::beforeUpdate,
                        "scale");
        return new Updated(scaleOf(updated.object()), false);
    }

    private ObjectNode scaled(
            RequestContext context,
            @Nullable ObjectNode parent,
            UpdateFunction change,
            ScaleAdmission admission) {
        if (parent == null) {
            throw ApiException.noSuchResource();
        }
        ObjectNode old = scaleOf(parent);
        // Of a context without a manager, the writer settles who owns what.
        boolean owned = context.fieldManager().isEmpty();
        if (owned) {
            ScaleOwners.show(parent, old);
        }
        ObjectNode scale = change.apply(old.deepCopy());
        String version = Meta.resourceVersion(scale);
        if (!version.isEmpty() && !version.equals(Meta.resourceVersion(old))) {
            throw ApiException.conflict(
                    resource(), Meta.name(parent), ApiException.OBJECT_MODIFIED);
        }
        String uid = Meta.uid(scale);
        if (!uid.isEmpty() && !uid.equals(Meta.uid(old))) {
            throw ApiException.conflict(
                    resource(),
                    Meta.name(parent),
                    "Precondition failed: UID in precondition: "
                            + uid
                            + ", UID in object meta: "
                            + Meta.uid(old));
        }
        admission.mutate(scale, old);
        long replicas = scale.path("spec").path("replicas").asLong(0);
        if (replicas < 0) {
            FieldErrors errors = new FieldErrors();
            errors.invalid("spec.replicas", replicas, "must be greater than or equal to 0");
            throw ApiException.invalid("autoscaling", "Scale", Meta.name(parent), errors.all());
        }
        Meta.child(parent, "spec").put("replicas", replicas);
        if (owned) {
            ScaleOwners.settle(parent, scale);
        }
        return parent;
    }

    private ObjectNode scaleOf(ObjectNode parent) {
        ObjectNode scale = Meta.object();
        scale.put("kind", "Scale");
        scale.put("apiVersion", "autoscaling/v1");
        ObjectNode metadata = scale.putObject("metadata");
        for (String field :
                new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
            Meta.copyField(Meta.of(parent), metadata, field);
        }
        ObjectNode spec = scale.putObject("spec");
        long wanted = parent.path("spec").path("replicas").asLong(0);
        if (wanted != 0) {
            spec.put("replicas", wanted);
        }
        ObjectNode status = scale.putObject("status");
        status.put("replicas", parent.path("status").path("replicas").asLong(0));
        String text = selector.apply(parent);
        if (!text.isEmpty()) {
            status.put("selector", text);
        }
        return scale;
    }

    /** Admission sees the Scale, not the workload; it has seen it before the workload is made. */
    private record ScaleAdmission(AdmissionHook hook) {
        void mutate(ObjectNode scale, ObjectNode old) {
            hook.mutate(scale, old);
            hook.validate(scale, old);
        }

        AdmissionHook afterwards() {
            return AdmissionHook.NONE;
        }
    }

    /** A LabelSelector as text, its labels in order: {@code app=web,tier in (a,b)}. */
    public static String selectorText(JsonNode selector) {
        StringBuilder text = new StringBuilder();
        labelsText(selector.path("matchLabels"), text);
        for (JsonNode each : selector.path("matchExpressions")) {
            String key = each.path("key").asString("");
            String values =
                    String.join(",", Meta.strings(each.path("values")).stream().sorted().toList());
            String term =
                    switch (each.path("operator").asString("")) {
                        case "In" -> key + " in (" + values + ")";
                        case "NotIn" -> key + " notin (" + values + ")";
                        case "DoesNotExist" -> "!" + key;
                        default -> key;
                    };
            text.append(text.isEmpty() ? "" : ",").append(term);
        }
        return text.toString();
    }

    /** A map of labels as text, in order. */
    public static String labelsText(JsonNode labels) {
        StringBuilder text = new StringBuilder();
        labelsText(labels, text);
        return text.toString();
    }

    private static void labelsText(JsonNode labels, StringBuilder text) {
        for (Map.Entry<String, String> each : new TreeMap<>(Meta.stringMap(labels)).entrySet()) {
            text.append(text.isEmpty() ? "" : ",")
                    .append(each.getKey())
                    .append('=')
                    .append(each.getValue());
        }
    }
}
