package io.jarnetes.apiserver.server.http;

import io.jarnetes.apiserver.server.endpoints.ApiHandler;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/** Paths that are no resources: exact ones, and prefixes that end in a slash; longest first. */
public final class PathMux {

    private final Map<String, ApiHandler> exact = new ConcurrentSkipListMap<>();
    private final Map<String, ApiHandler> prefixes =
            new ConcurrentSkipListMap<>((a, b) ->
                    a.length() == b.length()
                            ? a.compareTo(b)
                            : Integer.compare(b.length(), a.length()));

    /** Serves this path and no other. */
    public PathMux handle(String path, ApiHandler handler) {
        exact.put(path, handler);
        return this;
    }

    /**
     * Serves everything below.
     *
     * @param prefix ends in a slash
     */
    public PathMux handlePrefix(String prefix, ApiHandler handler) {
        prefixes.put(prefix, handler);
        return this;
    }

    Optional<ApiHandler> find(String path) {
        ApiHandler handler = exact.get(path);
        if (handler != null) {
            return Optional.of(handler);
        }
        for (Map.Entry<String, ApiHandler> entry : prefixes.entrySet()) {
            if (path.startsWith(entry.getKey())) {
                return Optional.of(entry.getValue());
            }
        }
        return Optional.empty();
    }

    /** Exact paths, sorted. */
    public List<String> paths() {
        return List.copyOf(exact.keySet());
    }
}
