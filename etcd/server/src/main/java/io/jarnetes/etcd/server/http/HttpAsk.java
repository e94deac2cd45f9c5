package io.jarnetes.etcd.server.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A request.
 *
 * @param rawQuery what follows the question mark, as it came
 * @param query decoded, every value of every name in order
 */
public record HttpAsk(
        String method, String path, String rawQuery, Map<String, List<String>> query, byte[] body) {

    boolean has(String name) {
        return query.containsKey(name);
    }

    /** The first value, or empty. */
    String first(String name) {
        List<String> values = query.getOrDefault(name, List.of());
        return values.isEmpty() ? "" : values.getFirst();
    }

    List<String> all(String name) {
        return new ArrayList<>(query.getOrDefault(name, List.of()));
    }
}
