package io.jarnetes.apiserver.server.registry.pods;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.validation.InternalForm;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What may become of a pod by {@code pods/ephemeralcontainers} and {@code pods/resize}. */
public final class PodPartRules {

    private static final List<String> RESIZABLE = List.of("cpu", "memory");
    private static final List<String> LISTS = List.of("containers", "initContainers");

    private PodPartRules() {}

    /** Ephemeral containers only come; a patch may have changed their order. */
    public static void ephemeralContainers(JsonNode spec, JsonNode old, FieldErrors errors) {
        String path = "spec.ephemeralContainers";
        for (JsonNode before : old.path("ephemeralContainers")) {
            String name = Checks.text(before, "name");
            JsonNode now = named(spec.path("ephemeralContainers"), name);
            if (now.isMissingNode()) {
                errors.forbidden(
                        path,
                        "existing ephemeral containers \"" + name + "\" may not be removed\n");
            } else if (!Meta.semanticallyEqual(before, now)) {
                errors.forbidden(
                        path,
                        "existing ephemeral containers \""
                                + name
                                + "\" may not be changed\n"
                                + InternalForm.diff("EphemeralContainer", before, now));
            }
        }
    }

    private static JsonNode named(JsonNode containers, String name) {
        for (JsonNode each : containers) {
            if (Checks.text(each, "name").equals(name)) {
                return each;
            }
        }
        return containers.path(-1);
    }

    /** Only requests and limits of cpu and memory change, and none goes. */
    public static void resize(ObjectNode pod, ObjectNode old, FieldErrors errors) {
        JsonNode spec = pod.path("spec");
        JsonNode before = old.path("spec");
        if (!supported(old.path("status"))) {
            errors.forbidden("spec", "Pod running on node without support for resize");
        }
        boolean same = true;
        for (String list : LISTS) {
            same &= sameContainers(spec.path(list), before.path(list), "spec." + list, errors);
        }
        if (!same) {
            return;
        }
        for (String list : List.of("initContainers", "containers")) {
            for (int i = 0; i < spec.path(list).size(); i++) {
                JsonNode container = spec.path(list).path(i);
                boolean fixed = list.equals("initContainers") && !restartable(container);
                if (!fixed) {
                    removed(
                            container.path("resources"),
                            before.path(list).path(i).path("resources"),
                            "spec." + list + "[" + i + "].resources",
                            errors);
                }
            }
        }
        for (String list : LISTS) {
            for (int i = 0; i < spec.path(list).size(); i++) {
                container(
                        spec.path(list).path(i),
                        before.path(list).path(i),
                        list.equals("initContainers") ? i : -1,
                        errors);
            }
        }
    }

    /** What runs there says by the resources in its status that it can be resized. */
    private static boolean supported(JsonNode status) {
        for (JsonNode each : status.path("containerStatuses")) {
            if (each.path("state").hasNonNull("running")) {
                return each.hasNonNull("resources");
            }
        }
        return true;
    }

    private static boolean restartable(JsonNode container) {
        return Checks.text(container, "restartPolicy").equals("Always");
    }

    private static boolean sameContainers(
            JsonNode now, JsonNode before, String path, FieldErrors errors) {
        String kind = path.substring("spec.".length());
        if (now.size() != before.size()) {
            errors.forbidden(path, kind + " may not be added or removed on resize");
            return false;
        }
        boolean same = true;
        for (int i = 0; i < now.size(); i++) {
            if (!now.path(i).path("name").equals(before.path(i).path("name"))) {
                errors.forbidden(
                        path + "[" + i + "].name",
                        kind + " may not be renamed or reordered on resize");
                same = false;
            }
        }
        return same;
    }

    private static void removed(JsonNode now, JsonNode before, String path, FieldErrors errors) {
        for (String kind : List.of("requests", "limits")) {
            boolean gone =
                    RESIZABLE.stream()
                            .anyMatch(name ->
                                    before.path(kind).has(name) && !now.path(kind).has(name));
            if (gone) {
                errors.forbidden(path + "." + kind, "resource " + kind + " cannot be removed");
            }
        }
    }

    /**
     * @param init the index of an init container, -1 for another
     */
    private static void container(JsonNode now, JsonNode before, int init, FieldErrors errors) {
        if (init >= 0 && !restartable(now)) {
            if (!Meta.semanticallyEqual(now, before)) {
                errors.forbidden("spec", "resources for non-sidecar init containers are immutable");
            }
            return;
        }
        ObjectNode settled = ((ObjectNode) now).deepCopy();
        for (String kind : List.of("limits", "requests")) {
            keep(settled, (ObjectNode) before, kind);
        }
        if (!Meta.semanticallyEqual(settled, before)) {
            errors.forbidden(
                    init < 0 ? "spec" : "spec.initContainers[" + init + "]",
                    init < 0
                            ? "only cpu and memory resources are mutable"
                            : "only cpu and memory resources for init or sidecar containers are"
                                    + " mutable");
        }
    }

    /** Gives the new container what the old one had of cpu and memory. */
    private static void keep(ObjectNode now, ObjectNode before, String kind) {
        JsonNode had = before.path("resources").path(kind);
        ObjectNode list = Meta.child(Meta.child(now, "resources"), kind);
        list.remove(RESIZABLE);
        for (String name : RESIZABLE) {
            if (had.has(name)) {
                list.set(name, had.get(name));
            }
        }
        if (list.isEmpty()) {
            Meta.child(now, "resources").remove(kind);
        }
    }
}
