package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** AppArmor profiles of a new pod: what once was an annotation becomes the field. */
final class AppArmor {

    private static final String PREFIX = "container.apparmor.security.beta.kubernetes.io/";
    private static final String LOCALHOST = "localhost/";

    private AppArmor() {}

    static void settle(RequestContext context, ObjectNode pod) {
        JsonNode spec = pod.path("spec");
        if (spec.path("os").path("name").asString("").equals("windows")) {
            return;
        }
        JsonNode common = spec.path("securityContext").path("appArmorProfile");
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(list)) {
                String key = PREFIX + container.path("name").asString("");
                String annotation = Meta.annotations(pod).get(key);
                boolean own = container.path("securityContext").hasNonNull("appArmorProfile");
                if (annotation == null || own) {
                    continue;
                }
                ObjectNode profile = profile(annotation);
                if (profile != null && profile.equals(common)) {
                    continue;
                }
                if (profile != null) {
                    Meta.child((ObjectNode) container, "securityContext")
                            .set("appArmorProfile", profile);
                }
                // Afterwards it can't be seen any more that the field was missing.
                context.warnings()
                        .accept(
                                "metadata.annotations["
                                        + key
                                        + "]: deprecated since v1.30; use the \"appArmorProfile\""
                                        + " field instead");
            }
        }
    }

    /** The field that an annotation stands for; null for none that would be taken. */
    private static @Nullable ObjectNode profile(String annotation) {
        ObjectNode profile = Meta.object();
        if (annotation.equals("unconfined")) {
            return profile.put("type", "Unconfined");
        }
        if (annotation.equals("runtime/default")) {
            return profile.put("type", "RuntimeDefault");
        }
        String name =
                annotation.startsWith(LOCALHOST) ? annotation.substring(LOCALHOST.length()) : "";
        if (name.isBlank() || !name.equals(name.strip())) {
            return null;
        }
        return profile.put("type", "Localhost").put("localhostProfile", name);
    }
}
