package io.jarnetes.apiserver.server.registry.kinds;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** A pod's quality of service class, from its containers' requests and limits. */
final class PodQos {

    private static final List<String> RESOURCES = List.of("cpu", "memory");

    private PodQos() {}

    static String of(JsonNode spec) {
        JsonNode podLevel = spec.path("resources");
        if (present(podLevel)) {
            return guaranteed(podLevel) ? "Guaranteed" : "Burstable";
        }
        boolean any = false;
        boolean all = true;
        for (String list : List.of("containers", "initContainers")) {
            for (JsonNode container : spec.path(list)) {
                any |= present(container.path("resources"));
                all &= guaranteed(container.path("resources"));
            }
        }
        if (!any) {
            return "BestEffort";
        }
        return all ? "Guaranteed" : "Burstable";
    }

    private static boolean present(JsonNode resources) {
        for (String kind : List.of("requests", "limits")) {
            for (String name : RESOURCES) {
                if (!isZero(resources.path(kind).path(name))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean guaranteed(JsonNode resources) {
        for (String name : RESOURCES) {
            JsonNode limit = resources.path("limits").path(name);
            JsonNode request = resources.path("requests").path(name);
            boolean same =
                    request.isMissingNode() || request.asString("").equals(limit.asString(""));
            if (isZero(limit) || !same) {
                return false;
            }
        }
        return true;
    }

    private static boolean isZero(JsonNode quantity) {
        String text = quantity.asString("");
        return text.isEmpty() || text.equals("0");
    }
}
