package io.jarnetes.apiserver.server.registry.kinds;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Warnings about pods and pod templates that are valid, but look like mistakes. */
final class PodWarnings {

    private PodWarnings() {}

    /**
     * @param path of the pod's spec
     * @param create the object is new
     */
    static List<String> of(JsonNode spec, String path, boolean create) {
        List<String> warnings = new ArrayList<>();
        for (String list : List.of("initContainers", "containers")) {
            int i = 0;
            for (JsonNode container : spec.path(list)) {
                String at = path + "." + list + "[" + i + "]";
                doubledEnv(container, at, warnings);
                i++;
            }
        }
        long grace = spec.path("terminationGracePeriodSeconds").asLong(0);
        if (grace < 0) {
            warnings.add(
                    path
                            + ".terminationGracePeriodSeconds: must be >= 0; negative values are"
                            + " invalid and will be treated as 1");
        }
        return warnings;
    }

    private static void doubledEnv(JsonNode container, String at, List<String> warnings) {
        Set<String> seen = new HashSet<>();
        int i = 0;
        for (JsonNode env : container.path("env")) {
            String name = env.path("name").asString("");
            if (!seen.add(name)) {
                warnings.add(
                        at
                                + ".env["
                                + i
                                + "]: hides previous definition of \""
                                + name
                                + "\", which may be dropped when using apply");
            }
            i++;
        }
    }
}
