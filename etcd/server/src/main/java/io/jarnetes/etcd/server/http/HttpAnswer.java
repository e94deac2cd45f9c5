package io.jarnetes.etcd.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/** An answer to a request. */
public record HttpAnswer(int status, String contentType, byte[] body, Map<String, String> headers) {

    static final String TEXT = "text/plain; charset=utf-8";
    static final String JSON = "application/json";

    public static HttpAnswer text(int status, String body) {
        return of(status, TEXT, body);
    }

    static HttpAnswer json(int status, String body) {
        return of(status, JSON, body);
    }

    /** 200 and nothing more. */
    static HttpAnswer empty() {
        return of(200, "", "");
    }

    static HttpAnswer of(int status, String contentType, String body) {
        return new HttpAnswer(status, contentType, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }
}
