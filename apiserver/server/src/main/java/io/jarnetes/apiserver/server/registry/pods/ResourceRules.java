package io.jarnetes.apiserver.server.registry.pods;

import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.Quantity;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Requests and limits of a container. */
final class ResourceRules {

    private static final List<String> OF_CONTAINERS = List.of("cpu", "memory", "ephemeral-storage");

    /** What quotas count besides; a container can't ask for it. */
    private static final List<String> STANDARD =
            List.of(
                    "cpu",
                    "memory",
                    "ephemeral-storage",
                    "requests.cpu",
                    "requests.memory",
                    "requests.ephemeral-storage",
                    "limits.cpu",
                    "limits.memory",
                    "limits.ephemeral-storage",
                    "pods",
                    "resourcequotas",
                    "services",
                    "replicationcontrollers",
                    "secrets",
                    "configmaps",
                    "persistentvolumeclaims",
                    "storage",
                    "requests.storage",
                    "services.nodeports",
                    "services.loadbalancers");

    private static final long MILLI = 1000;

    private ResourceRules() {}

    /** Says what is wrong with the name of a resource that stands at a place. */
    @FunctionalInterface
    private interface Naming {
        void check(String name, String at, FieldErrors errors);
    }

    static void validate(JsonNode resources, String at, FieldErrors errors) {
        validate(resources, at, ResourceRules::name, errors);
    }

    /** Those of a whole pod, which its containers share. */
    static void ofPod(JsonNode spec, String path, FieldErrors errors) {
        JsonNode resources = spec.path("resources");
        String at = path + ".resources";
        if (!resources.isObject()) {
            return;
        }
        if (Checks.text(spec.path("os"), "name").equals("windows")) {
            errors.forbidden(at, "may not be set for a windows pod");
            return;
        }
        if (Checks.set(resources, "claims")) {
            errors.forbidden(at + ".claims", "claims may not be set for Resources at pod-level");
        }
        validate(resources, at, ResourceRules::nameOfPod, errors);
        shares(spec, at, errors);
    }

    private static void nameOfPod(String name, String at, FieldErrors errors) {
        FieldErrors complaints = new FieldErrors();
        anyName(name, at, complaints);
        complaints.all().forEach(errors::add);
        if (complaints.isEmpty() && !isCompute(name) && !isHuge(name)) {
            errors.notSupported(at, name, List.of("cpu", "hugepages-", "memory"));
        }
    }

    private static void shares(JsonNode spec, String at, FieldErrors errors) {
        JsonNode resources = spec.path("resources");
        for (Map.Entry<String, JsonNode> each : resources.path("requests").properties()) {
            Quantity whole = parse(each.getValue());
            Quantity sum = Quantity.ZERO;
            for (JsonNode container : spec.path("containers")) {
                JsonNode part = container.path("resources").path("requests").path(each.getKey());
                Quantity quantity = part.isMissingNode() ? null : parse(part);
                sum = quantity == null ? sum : sum.plus(quantity);
            }
            if (whole != null && sum.compareTo(whole) > 0) {
                errors.invalid(
                        at + ".requests[" + each.getKey() + "]",
                        whole.toString(),
                        "must be greater than or equal to aggregate container requests of " + sum);
            }
        }
        for (int i = 0; i < spec.path("containers").size(); i++) {
            JsonNode limits = spec.path("containers").path(i).path("resources").path("limits");
            for (Map.Entry<String, JsonNode> each : limits.properties()) {
                JsonNode common = resources.path("limits").path(each.getKey());
                Quantity most = common.isMissingNode() ? null : parse(common);
                Quantity limit = parse(each.getValue());
                if (most != null && limit != null && limit.compareTo(most) > 0) {
                    errors.invalid(
                            at + ".containers[" + i + "][" + each.getKey() + "].limits",
                            limit.toString(),
                            "must be less than or equal to pod limits of " + most);
                }
            }
        }
    }

    private static void validate(JsonNode resources, String at, Naming naming, FieldErrors errors) {
        JsonNode limits = resources.path("limits");
        boolean huge = false;
        boolean compute = false;
        for (Map.Entry<String, JsonNode> each : limits.properties()) {
            quantity(each.getKey(), each.getValue(), at + ".limits", naming, errors);
            huge |= isHuge(each.getKey());
            compute |= isCompute(each.getKey());
        }
        for (Map.Entry<String, JsonNode> each : resources.path("requests").properties()) {
            String name = each.getKey();
            Quantity request = quantity(name, each.getValue(), at + ".requests", naming, errors);
            withinLimit(name, request, limits, at, errors);
            huge |= isHuge(name);
            compute |= isCompute(name);
        }
        if (huge && !compute) {
            errors.forbidden(at, "HugePages require cpu or memory");
        }
    }

    private static @Nullable Quantity quantity(
            String name, JsonNode value, String list, Naming naming, FieldErrors errors) {
        String at = list + "[" + name + "]";
        naming.check(name, at, errors);
        Quantity quantity = parse(value);
        if (quantity == null) {
            return null;
        }
        if (quantity.compareTo(Quantity.ZERO) < 0) {
            errors.invalid(at, quantity.toString(), Checks.NEGATIVE);
        }
        boolean whole = !isNative(name) || name.startsWith("hugepages-");
        if (whole && name.contains("/") && quantity.milliValue() % MILLI != 0) {
            errors.invalid(at, quantity.toString(), "must be an integer");
        }
        return quantity;
    }

    private static @Nullable Quantity parse(JsonNode value) {
        try {
            return Quantity.parse(value.asString(""));
        } catch (DecodeException e) {
            // The decoder has refused it already.
            return null;
        }
    }

    static void anyName(String name, String at, FieldErrors errors) {
        List<String> complaints = NameRules.qualifiedName(name);
        errors.invalid(at, name, complaints);
        boolean bare = !name.contains("/");
        if (complaints.isEmpty() && bare && !STANDARD.contains(name) && !isHuge(name)) {
            errors.invalid(at, name, "must be a standard resource type or fully qualified");
        }
    }

    static void name(String name, String at, FieldErrors errors) {
        anyName(name, at, errors);
        if (!name.contains("/")) {
            if (!OF_CONTAINERS.contains(name) && !isHuge(name)) {
                errors.invalid(at, name, "must be a standard resource for containers");
            }
        } else if (!isNative(name) && !isExtended(name)) {
            errors.invalid(at, name, "doesn't follow extended resource name standard");
        }
    }

    private static void withinLimit(
            String name,
            @Nullable Quantity request,
            JsonNode limits,
            String at,
            FieldErrors errors) {
        boolean overcommit = overcommits(name);
        Quantity limit = limits.has(name) ? parse(limits.path(name)) : null;
        if (request == null) {
            return;
        }
        if (limit == null) {
            if (!overcommit) {
                errors.required(
                        at + ".limits", "Limit must be set for non overcommitable resources");
            }
            return;
        }
        int order = request.compareTo(limit);
        if (order != 0 && !overcommit) {
            errors.invalid(
                    at + ".requests",
                    request.toString(),
                    "must be equal to " + name + " limit of " + limit);
        } else if (order > 0) {
            errors.invalid(
                    at + ".requests",
                    request.toString(),
                    "must be less than or equal to " + name + " limit of " + limit);
        }
    }

    static boolean overcommits(String name) {
        return isNative(name) && !isHuge(name);
    }

    private static boolean isCompute(String name) {
        return name.equals("cpu") || name.equals("memory");
    }

    private static boolean isHuge(String name) {
        return name.startsWith("hugepages-");
    }

    private static boolean isNative(String name) {
        return !name.contains("/") || name.contains("kubernetes.io/");
    }

    private static boolean isExtended(String name) {
        return !isNative(name)
                && !name.startsWith("requests.")
                && NameRules.qualifiedName("requests." + name).isEmpty();
    }
}
