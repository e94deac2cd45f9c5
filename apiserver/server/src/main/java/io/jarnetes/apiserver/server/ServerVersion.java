package io.jarnetes.apiserver.server;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What this server says it is: the Kubernetes whose API it serves. */
public final class ServerVersion {

    /** The version of Kubernetes that is served. */
    public static final String GIT_VERSION = "v1.36.2";

    private ServerVersion() {}

    /** {@code /version}, fields in upstream's order. */
    static ObjectNode tree() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("major", "1")
                .put("minor", "36")
                .put("emulationMajor", "1")
                .put("emulationMinor", "36")
                .put("minCompatibilityMajor", "1")
                .put("minCompatibilityMinor", "35")
                .put("gitVersion", GIT_VERSION)
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", "2026-01-01T00:00:00Z")
                .put("goVersion", "")
                .put("compiler", "javac")
                .put("platform", platform());
    }

    private static String platform() {
        String machine = System.getProperty("os.arch", "");
        return "linux/" + (machine.equals("aarch64") ? "arm64" : "amd64");
    }
}
