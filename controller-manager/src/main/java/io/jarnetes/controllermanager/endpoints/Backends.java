package io.jarnetes.controllermanager.endpoints;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Selector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The pods that a Service selects, with the ports that they serve. */
final class Backends {

    static final String TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";
    static final String HEADLESS = "service.kubernetes.io/headless";

    /**
     * A port of a Service on one pod.
     *
     * @param name empty for the only port of a Service
     */
    record Port(String name, int port, String protocol, String appProtocol) {}

    /** A pod that backs a Service. */
    record Backend(KubeObject pod, List<Port> ports) {

        String node() {
            return pod.text("spec", "nodeName");
        }
    }

    private Backends() {}

    /** Whether pods are looked for at all: it has a selector and isn't a name elsewhere. */
    static boolean selects(KubeObject service) {
        return !service.at("spec", "selector").isEmpty()
                && !service.text("spec", "type").equals("ExternalName");
    }

    /**
     * In order of their names.
     *
     * @param terminating whether pods on their way out count
     */
    static List<Backend> of(KubeObject service, List<KubeObject> pods, boolean terminating) {
        Selector selector = Selector.ofLabels(service.at("spec", "selector"));
        List<Backend> backends = new ArrayList<>();
        for (KubeObject pod : pods) {
            if (!selector.matches(pod)
                    || Pods.finished(pod)
                    || pod.text("status", "podIP").isEmpty()
                    || pod.deleting() && !terminating) {
                continue;
            }
            backends.add(new Backend(pod, ports(service, pod)));
        }
        backends.sort(Comparator.comparing(backend -> backend.pod().name()));
        return backends;
    }

    /** A named target port is what the pod's containers say; a pod without it lacks that port. */
    private static List<Port> ports(KubeObject service, KubeObject pod) {
        List<Port> ports = new ArrayList<>();
        for (JsonNode port : service.at("spec", "ports")) {
            Integer number = target(port, pod);
            if (number != null) {
                ports.add(
                        new Port(
                                Json.text(port, "name"),
                                number,
                                Json.text(port, "protocol"),
                                Json.text(port, "appProtocol")));
            }
        }
        return ports;
    }

    private static @Nullable Integer target(JsonNode port, KubeObject pod) {
        JsonNode target = port.path("targetPort");
        if (!target.isString()) {
            return target.isNumber() ? target.asInt(0) : Json.number(0, port, "port");
        }
        for (String field : List.of("containers", "initContainers")) {
            for (JsonNode container : pod.at("spec", field)) {
                for (JsonNode one : container.path("ports")) {
                    if (Json.text(one, "name").equals(Json.text(target))
                            && Json.text(one, "protocol").equals(Json.text(port, "protocol"))) {
                        return Json.number(0, one, "containerPort");
                    }
                }
            }
        }
        return null;
    }

    static boolean headless(KubeObject service) {
        String address = service.text("spec", "clusterIP");
        return address.equals("None") || address.isEmpty();
    }

    /** When the last change happened that the endpoints follow. */
    static Instant trigger(KubeObject service, List<Backend> backends) {
        Instant last = service.creationTimestamp();
        for (Backend backend : backends) {
            Instant changed =
                    KubeObject.time(backend.pod().condition("Ready").path("lastTransitionTime"))
                            .orElse(last);
            last = changed.isAfter(last) ? changed : last;
        }
        return last;
    }

    /** The pod's name in DNS, if it has one below this Service. */
    static String hostname(KubeObject service, KubeObject pod) {
        boolean below =
                pod.text("spec", "subdomain").equals(service.name())
                        && pod.namespace().equals(service.namespace());
        return below ? pod.text("spec", "hostname") : "";
    }
}
