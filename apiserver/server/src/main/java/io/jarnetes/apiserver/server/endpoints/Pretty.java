package io.jarnetes.apiserver.server.endpoints;

import java.util.List;
import java.util.Map;

/** Whether JSON is indented. */
public final class Pretty {

    private Pretty() {}

    /** Asked for by the parameter, or else for those who read with their eyes. */
    public static boolean wanted(Map<String, List<String>> query, String userAgent) {
        List<String> asked = query.getOrDefault("pretty", List.of(""));
        if (!asked.getFirst().isEmpty()) {
            // What Go's strconv.ParseBool takes for true.
            return List.of("1", "t", "T", "true", "TRUE", "True").contains(asked.getFirst());
        }
        return userAgent.startsWith("curl")
                || userAgent.startsWith("Wget")
                || userAgent.startsWith("Mozilla/5.0");
    }
}
