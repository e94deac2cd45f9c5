package io.jarnetes.apiserver.server.admission.plugins;

import io.jarnetes.apiserver.server.admission.AdmissionAttributes;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.tree.Trees;

/** How plugins say no. */
final class Refusals {

    private Refusals() {}

    static GroupResource resource(AdmissionAttributes attributes) {
        return new GroupResource(attributes.group(), attributes.resource());
    }

    /** {@code pods "x" is forbidden: why}. */
    static ApiException forbidden(AdmissionAttributes attributes, String why) {
        return ApiException.forbidden(resource(attributes), name(attributes), why);
    }

    /** The name in messages; a name that is yet to be generated shows its beginning. */
    static String name(AdmissionAttributes attributes) {
        if (!attributes.name().isEmpty()) {
            return attributes.name();
        }
        String name = Trees.name(attributes.object());
        if (!name.isEmpty()) {
            return name;
        }
        String prefix = Trees.text(attributes.object(), "metadata", "generateName");
        return prefix.isEmpty() ? "Unknown" : prefix;
    }
}
