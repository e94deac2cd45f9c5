package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.Registry;
import io.jarnetes.apiserver.server.registry.RequestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What can be said of logs, exec, attach, port-forward and proxy before a kubelet or a pod would be
 * called.
 */
final class Connections {

    private static final Set<String> SUBRESOURCES =
            Set.of("log", "exec", "attach", "portforward", "proxy");

    private final Registry registry;

    Connections(Registry registry) {
        this.registry = registry;
    }

    /**
     * Refuses what is wrong already, and answers what needs no kubelet.
     *
     * @return whether the request is answered
     * @throws ApiException 404, 400
     */
    boolean answered(ApiRequest request, ApiResponse response) {
        RequestInfo info = request.info();
        if (!info.apiGroup().isEmpty() || !SUBRESOURCES.contains(info.subresource())) {
            return false;
        }
        ObjectNode object =
                registry.store("", info.resource())
                        .get(RequestContext.internal(info.namespace()), info.name(), "")
                        .tree();
        if (!info.resource().equals("pods")) {
            return false;
        }
        switch (info.subresource()) {
            case "log" -> {
                checkContainer(object, new Query(request.query()).text("container"));
                if (!placed(object)) {
                    response.start(204, List.of());
                    response.end();
                    return true;
                }
            }
            case "exec", "attach", "portforward" -> {
                if (!info.subresource().equals("portforward")) {
                    checkContainer(object, new Query(request.query()).text("container"));
                }
                if (!placed(object)) {
                    throw ApiException.badRequest(
                            "pod " + Meta.name(object) + " does not have a host assigned");
                }
            }
            default -> {
                if (object.path("status").path("podIP").asString("").isEmpty()) {
                    throw ApiException.badRequest("address not allowed");
                }
            }
        }
        return false;
    }

    private static boolean placed(ObjectNode pod) {
        return !pod.path("spec").path("nodeName").asString("").isEmpty();
    }

    private static void checkContainer(ObjectNode pod, String asked) {
        List<String> names = new ArrayList<>();
        for (String field : List.of("containers", "initContainers", "ephemeralContainers")) {
            for (JsonNode each : pod.path("spec").path(field)) {
                names.add(each.path("name").asString(""));
            }
        }
        if (!asked.isEmpty() && !names.contains(asked)) {
            throw ApiException.badRequest(
                    "container " + asked + " is not valid for pod " + Meta.name(pod));
        }
        int containers = pod.path("spec").path("containers").size();
        if (asked.isEmpty() && containers > 1) {
            throw ApiException.badRequest(
                    "a container name must be specified for pod "
                            + Meta.name(pod)
                            + ", choose one of: ["
                            + String.join(" ", names.subList(0, containers))
                            + "]");
        }
    }
}
