package io.jarnetes.apiserver.server.openapi;

import io.jarnetes.apiserver.schema.GroupVersion;

/** The words that operations' ids and texts are made of. */
final class OperationNames {

    private OperationNames() {}

    /** {@code AppsV1}, {@code RbacAuthorizationV1}, {@code CoreV1}. */
    static String tag(GroupVersion version) {
        return groupName(version.group(), true) + capital(version.version());
    }

    /** {@code apps_v1}, {@code rbacAuthorization_v1}, {@code core_v1}. */
    static String tagName(GroupVersion version) {
        return groupName(version.group(), false) + "_" + version.version();
    }

    /** The group's labels without {@code k8s.io}, joined. */
    static String groupName(String group, boolean capital) {
        if (group.isEmpty()) {
            return capital ? "Core" : "core";
        }
        StringBuilder name = new StringBuilder();
        for (String label : group.replaceFirst("\\.k8s\\.io$", "").split("\\.")) {
            name.append(name.isEmpty() && !capital ? label : capital(label));
        }
        return name.toString();
    }

    static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    static String article(String kind) {
        return "AEIOU".indexOf(kind.charAt(0)) >= 0 ? "an" : "a";
    }
}
