package io.jarnetes.apiserver.server.http;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.endpoints.ApiRequest;
import io.jarnetes.apiserver.server.endpoints.ApiResponse;
import io.jarnetes.apiserver.server.endpoints.Headers;
import io.jarnetes.apiserver.server.endpoints.RequestInfoResolver;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Requests and answers without a network. */
public final class Requests {

    private Requests() {}

    public static ApiRequest get(String uri) {
        QueryStringDecoder decoder = new QueryStringDecoder(uri);
        return new ApiRequest(
                "GET",
                decoder.path(),
                decoder.parameters(),
                new Headers(Map.of()),
                new byte[0],
                UserInfo.anonymous(),
                RequestInfoResolver.resolve("GET", decoder.path(), decoder.parameters()),
                Instant.MAX);
    }

    /** Keeps what was answered. */
    public static final class Response implements ApiResponse {

        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int status;

        public int status() {
            return status;
        }

        public String text() {
            return body.toString(StandardCharsets.UTF_8);
        }

        @Override
        public void addHeader(String name, String value) {}

        @Override
        public void start(int code, List<Map.Entry<String, String>> headers) {
            status = code;
        }

        @Override
        public void write(byte[] bytes) {
            body.writeBytes(bytes);
        }

        @Override
        public void flush() {}

        @Override
        public void end() {}

        @Override
        public boolean closed() {
            return false;
        }

        @Override
        public void onClose(Runnable action) {}
    }
}
