package io.jarnetes.apiserver.server.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Query strings as Go's net/url reads them: what cannot be unescaped is left out. */
final class QueryStrings {

    private QueryStrings() {}

    static Map<String, List<String>> parse(String raw) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : raw.split("&")) {
            if (pair.isEmpty() || pair.contains(";")) {
                continue;
            }
            int sign = pair.indexOf('=');
            Optional<String> name = unescape(sign < 0 ? pair : pair.substring(0, sign));
            Optional<String> value = unescape(sign < 0 ? "" : pair.substring(sign + 1));
            if (name.isPresent() && value.isPresent()) {
                query.computeIfAbsent(name.get(), key -> new ArrayList<>()).add(value.get());
            }
        }
        return query;
    }

    private static Optional<String> unescape(String text) {
        try {
            return Optional.of(URLDecoder.decode(text, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
