package io.jarnetes.etcd.server.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;

/** Paths with doubled slashes or dots are sent to where they lead, as Go's ServeMux does. */
final class CleanPath {
    private static final int MOVED_PERMANENTLY = 301;
    private static final int TEMPORARY_REDIRECT = 307;

    private CleanPath() {}

    /** Without empty parts and dots, a slash at the end kept. */
    static String of(String path) {
        Deque<String> parts = new ArrayDeque<>();
        String last = "";
        for (String part : path.split("/", -1)) {
            last = part;
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        String clean = "/" + String.join("/", parts);
        return last.isEmpty() && !parts.isEmpty() ? clean + "/" : clean;
    }

    /**
     * @param temporary 3.6 was built with a Go that says so, 3.5 with one that did not
     */
    static HttpAnswer redirect(HttpAsk ask, String clean, boolean temporary) {
        int status = temporary ? TEMPORARY_REDIRECT : MOVED_PERMANENTLY;
        String to = ask.rawQuery().isEmpty() ? clean : clean + "?" + ask.rawQuery();
        boolean read = ask.method().equals("GET") || ask.method().equals("HEAD");
        String why = temporary ? "Temporary Redirect" : "Moved Permanently";
        String link = to.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&#34;");
        String body = read ? "<a href=\"" + link + "\">" + why + "</a>.\n\n" : "";
        return new HttpAnswer(
                status,
                read ? "text/html; charset=utf-8" : "",
                body.getBytes(StandardCharsets.UTF_8),
                Map.of("Location", to));
    }
}
