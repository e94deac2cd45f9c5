package io.jarnetes.apiserver.server.admission.plugins;

import io.jarnetes.apiserver.schema.codec.Quantity;
import io.jarnetes.apiserver.server.admission.AdmissionAttributes;
import io.jarnetes.apiserver.server.admission.AdmissionPlugin;
import io.jarnetes.apiserver.server.admission.Listers;
import io.jarnetes.apiserver.server.admission.Operation;
import io.jarnetes.apiserver.server.tree.Trees;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** LimitRanges: default requests and limits of containers, and bounds of what is asked for. */
final class LimitRanger implements AdmissionPlugin {

    private static final String ANNOTATION = "kubernetes.io/limit-ranger";

    private final Listers listers;

    LimitRanger(Listers listers) {
        this.listers = listers;
    }

    @Override
    public String name() {
        return "LimitRanger";
    }

    @Override
    public boolean handles(Operation operation) {
        return operation == Operation.CREATE || operation == Operation.UPDATE;
    }

    @Override
    public void mutate(AdmissionAttributes attributes) {
        ObjectNode pod = attributes.object();
        if (!createsPod(attributes) || pod == null) {
            return;
        }
        for (ObjectNode range : ranges(attributes)) {
            fillIn(pod, range);
        }
    }

    private static boolean createsPod(AdmissionAttributes attributes) {
        return attributes.isResource("", "pods") && attributes.operation() == Operation.CREATE;
    }

    private List<ObjectNode> ranges(AdmissionAttributes attributes) {
        return listers.list("", "limitranges", attributes.namespace());
    }

    private static void fillIn(ObjectNode pod, ObjectNode range) {
        Map<String, String> requests = new TreeMap<>();
        Map<String, String> limits = new TreeMap<>();
        for (JsonNode limit : Trees.items(range, "spec", "limits")) {
            if (Trees.text(limit, "type").equals("Container")) {
                requests.putAll(Trees.map(limit, "defaultRequest"));
                limits.putAll(Trees.map(limit, "default"));
            }
        }
        List<String> notes = new ArrayList<>();
        for (JsonNode container : Trees.items(pod, "spec", "containers")) {
            fillIn((ObjectNode) container, requests, limits, "container", notes);
        }
        for (JsonNode container : Trees.items(pod, "spec", "initContainers")) {
            fillIn((ObjectNode) container, requests, limits, "init container", notes);
        }
        if (!notes.isEmpty()) {
            Trees.child(Trees.child(pod, "metadata"), "annotations")
                    .put(ANNOTATION, "LimitRanger plugin set: " + String.join("; ", notes));
        }
    }

    private static void fillIn(
            ObjectNode container,
            Map<String, String> requests,
            Map<String, String> limits,
            String word,
            List<String> notes) {
        String name = Trees.text(container, "name");
        List<String> setLimits = fillIn(container, "limits", limits);
        List<String> setRequests = fillIn(container, "requests", requests);
        if (!setRequests.isEmpty()) {
            notes.add(String.join(", ", setRequests) + " request for " + word + " " + name);
        }
        if (!setLimits.isEmpty()) {
            notes.add(String.join(", ", setLimits) + " limit for " + word + " " + name);
        }
    }

    private static List<String> fillIn(
            ObjectNode container, String kind, Map<String, String> defaults) {
        List<String> set = new ArrayList<>();
        defaults.forEach((resource, quantity) -> {
            if (Trees.at(container, "resources", kind, resource) == null) {
                Trees.child(Trees.child(container, "resources"), kind).put(resource, quantity);
                set.add(resource);
            }
        });
        return set;
    }

    @Override
    public void validate(AdmissionAttributes attributes) {
        ObjectNode object = attributes.object();
        boolean claim = attributes.isResource("", "persistentvolumeclaims");
        if (object == null || !(createsPod(attributes) || claim)) {
            return;
        }
        for (ObjectNode range : ranges(attributes)) {
            List<String> errors = new ArrayList<>();
            for (JsonNode limit : Trees.items(range, "spec", "limits")) {
                if (claim) {
                    checkClaim(limit, object, errors);
                } else {
                    checkPod(limit, object, errors);
                }
            }
            if (!errors.isEmpty()) {
                throw Refusals.forbidden(
                        attributes,
                        errors.size() == 1
                                ? errors.getFirst()
                                : "[" + String.join(", ", errors) + "]");
            }
        }
    }

    private static void checkPod(JsonNode limit, ObjectNode pod, List<String> errors) {
        String type = Trees.text(limit, "type");
        if (type.equals("Container")) {
            List<JsonNode> containers = Trees.items(pod, "spec", "containers");
            containers.addAll(Trees.items(pod, "spec", "initContainers"));
            for (JsonNode container : containers) {
                check(
                        limit,
                        type,
                        PodResources.quantities(container, "resources", "requests"),
                        PodResources.quantities(container, "resources", "limits"),
                        errors);
            }
        } else if (type.equals("Pod")) {
            check(
                    limit,
                    type,
                    PodResources.ofPod(pod, "requests"),
                    PodResources.ofPod(pod, "limits"),
                    errors);
        }
    }

    private static void check(
            JsonNode limit,
            String type,
            Map<String, Quantity> requests,
            Map<String, Quantity> limits,
            List<String> errors) {
        PodResources.quantities(limit, "min")
                .forEach((name, min) -> min(name, type, min, requests, limits, errors));
        PodResources.quantities(limit, "max")
                .forEach((name, max) -> max(name, type, max, requests, limits, errors));
        PodResources.quantities(limit, "maxLimitRequestRatio")
                .forEach((name, max) -> ratio(name, type, max, requests, limits, errors));
    }

    private static void checkClaim(JsonNode limit, ObjectNode claim, List<String> errors) {
        if (!Trees.text(limit, "type").equals("PersistentVolumeClaim")) {
            return;
        }
        String type = "PersistentVolumeClaim";
        Map<String, Quantity> requests =
                PodResources.quantities(claim, "spec", "resources", "requests");
        PodResources.quantities(limit, "min")
                .forEach((name, min) -> min(name, type, min, requests, Map.of(), errors));
        PodResources.quantities(limit, "max")
                .forEach((name, max) -> {
                    Quantity asked = requests.get(name);
                    if (asked == null) {
                        errors.add(
                                bound("maximum", name, type, max) + ".  No request is specified");
                    } else if (less(max, asked)) {
                        errors.add(
                                bound("maximum", name, type, max)
                                        + ", but request is "
                                        + asked.text());
                    }
                });
    }

    private static String bound(String word, String name, String type, Quantity enforced) {
        return word + " " + name + " usage per " + type + " is " + enforced.text();
    }

    private static boolean less(Quantity a, Quantity b) {
        return a.value().compareTo(b.value()) < 0;
    }

    private static void min(
            String name,
            String type,
            Quantity min,
            Map<String, Quantity> requests,
            Map<String, Quantity> limits,
            List<String> errors) {
        Quantity request = requests.get(name);
        Quantity limit = limits.get(name);
        String text = bound("minimum", name, type, min);
        if (request == null) {
            errors.add(text + ".  No request is specified");
        } else if (less(request, min)) {
            errors.add(text + ", but request is " + request.text());
        } else if (limit != null && less(limit, min)) {
            errors.add(text + ", but limit is " + limit.text());
        }
    }

    private static void max(
            String name,
            String type,
            Quantity max,
            Map<String, Quantity> requests,
            Map<String, Quantity> limits,
            List<String> errors) {
        Quantity request = requests.get(name);
        Quantity limit = limits.get(name);
        String text = bound("maximum", name, type, max);
        if (limit == null) {
            errors.add(text + ".  No limit is specified");
        } else if (less(max, limit)) {
            errors.add(text + ", but limit is " + limit.text());
        } else if (request != null && less(max, request)) {
            errors.add(text + ", but request is " + request.text());
        }
    }

    private static void ratio(
            String name,
            String type,
            Quantity max,
            Map<String, Quantity> requests,
            Map<String, Quantity> limits,
            List<String> errors) {
        Quantity request = requests.get(name);
        Quantity limit = limits.get(name);
        String text = name + " max limit to request ratio per " + type + " is " + max.text();
        if (request == null || request.value().signum() == 0) {
            errors.add(text + ", but no request is specified or request is 0");
        } else if (limit == null || limit.value().signum() == 0) {
            errors.add(text + ", but no limit is specified or limit is 0");
        } else {
            double observed = limit.value().doubleValue() / request.value().doubleValue();
            if (BigDecimal.valueOf(observed).compareTo(max.value()) > 0) {
                errors.add(
                        text + String.format(Locale.ROOT, ", but provided ratio is %f", observed));
            }
        }
    }
}
