package io.jarnetes.controllermanager.quota;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Quantity;
import java.math.BigDecimal;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What objects use of one limit. */
final class Usage {

    private static final String CLASS_MARK = ".storageclass.storage.k8s.io/";

    private Usage() {}

    /**
     * The sum over pods of a compute resource or of {@code pods}; finished pods use nothing.
     *
     * @param name as in spec.hard: {@code requests.cpu}, {@code limits.memory}, {@code pods}
     */
    static BigDecimal pods(String name, List<KubeObject> pods) {
        BigDecimal sum = BigDecimal.ZERO;
        for (KubeObject pod : pods) {
            if (!Pods.finished(pod)) {
                sum = sum.add(pod(name, pod));
            }
        }
        return sum;
    }

    private static BigDecimal pod(String name, KubeObject pod) {
        if (name.equals("pods")) {
            return BigDecimal.ONE;
        }
        if (name.startsWith("limits.")) {
            return compute(pod, "limits", name.substring("limits.".length()));
        }
        String resource =
                name.startsWith("requests.") ? name.substring("requests.".length()) : name;
        return compute(pod, "requests", resource);
    }

    /** Containers together, or the most that an init container needs, whichever is more. */
    private static BigDecimal compute(KubeObject pod, String kind, String resource) {
        JsonNode whole = pod.at("spec", "resources", kind, resource);
        BigDecimal overhead = Quantity.of(pod.at("spec", "overhead", resource));
        if (Json.present(whole)) {
            return Quantity.of(whole).add(overhead);
        }
        BigDecimal containers = BigDecimal.ZERO;
        for (JsonNode container : pod.at("spec", "containers")) {
            containers = containers.add(amount(container, kind, resource));
        }
        BigDecimal sidecars = BigDecimal.ZERO;
        BigDecimal init = BigDecimal.ZERO;
        for (JsonNode container : pod.at("spec", "initContainers")) {
            BigDecimal own = amount(container, kind, resource);
            if (Json.text(container, "restartPolicy").equals("Always")) {
                sidecars = sidecars.add(own);
                init = init.max(sidecars);
            } else {
                init = init.max(own.add(sidecars));
            }
        }
        return containers.add(sidecars).max(init).add(overhead);
    }

    private static BigDecimal amount(JsonNode container, String kind, String resource) {
        return Quantity.of(Json.at(container, "resources", kind, resource));
    }

    /** Whether a pod is in the scopes of a quota. */
    static boolean inScope(KubeObject quota, KubeObject pod) {
        for (String scope : Json.list(quota.tree(), "spec", "scopes")) {
            if (!scope(scope, "Exists", List.of(), pod)) {
                return false;
            }
        }
        for (JsonNode one : quota.at("spec", "scopeSelector", "matchExpressions")) {
            if (!scope(
                    Json.text(one, "scopeName"),
                    Json.text(one, "operator"),
                    Json.list(one, "values"),
                    pod)) {
                return false;
            }
        }
        return true;
    }

    private static boolean scope(
            String scope, String operator, List<String> values, KubeObject pod) {
        boolean deadline = pod.present("spec", "activeDeadlineSeconds");
        boolean bestEffort = pod.text("status", "qosClass").equals("BestEffort");
        String priority = pod.text("spec", "priorityClassName");
        return switch (scope) {
            case "Terminating" -> deadline;
            case "NotTerminating" -> !deadline;
            case "BestEffort" -> bestEffort;
            case "NotBestEffort" -> !bestEffort;
            case "PriorityClass" ->
                    switch (operator) {
                        case "In" -> values.contains(priority);
                        case "NotIn" -> !values.contains(priority);
                        case "DoesNotExist" -> priority.isEmpty();
                        default -> !priority.isEmpty();
                    };
            default -> true;
        };
    }

    static BigDecimal services(String name, List<KubeObject> services) {
        BigDecimal sum = BigDecimal.ZERO;
        for (KubeObject service : services) {
            String type = service.text("spec", "type");
            int count =
                    switch (name) {
                        case "services.loadbalancers" -> type.equals("LoadBalancer") ? 1 : 0;
                        case "services.nodeports" -> nodePorts(service);
                        default -> 1;
                    };
            sum = sum.add(BigDecimal.valueOf(count));
        }
        return sum;
    }

    private static int nodePorts(KubeObject service) {
        int count = 0;
        for (JsonNode port : service.at("spec", "ports")) {
            count += Json.number(0, port, "nodePort") > 0 ? 1 : 0;
        }
        return count;
    }

    /**
     * @param name {@code persistentvolumeclaims}, {@code requests.storage}, or one of them after
     *     the name of a storage class
     */
    static BigDecimal claims(String name, List<KubeObject> claims) {
        int mark = name.indexOf(CLASS_MARK);
        String storageClass = mark < 0 ? "" : name.substring(0, mark);
        String what = mark < 0 ? name : name.substring(mark + CLASS_MARK.length());
        BigDecimal sum = BigDecimal.ZERO;
        for (KubeObject claim : claims) {
            if (mark >= 0 && !claim.text("spec", "storageClassName").equals(storageClass)) {
                continue;
            }
            sum =
                    sum.add(
                            what.equals("requests.storage")
                                    ? Quantity.of(
                                            claim.at("spec", "resources", "requests", "storage"))
                                    : BigDecimal.ONE);
        }
        return sum;
    }
}
