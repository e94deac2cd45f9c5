package io.jarnetes.kubeclient.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request.
 *
 * @param path with its query
 * @param body null for none
 */
public record HttpAsk(
        String method, String path, Map<String, String> headers, byte @Nullable [] body) {

    public HttpAsk {
        headers = Map.copyOf(headers);
    }

    /** A request for what is there. */
    public static HttpAsk get(String path, Map<String, String> headers) {
        return new HttpAsk("GET", path, headers, null);
    }

    FullHttpRequest message(String authority) {
        FullHttpRequest message =
                new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1,
                        HttpMethod.valueOf(method),
                        path,
                        body == null ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(body));
        message.headers().set(HttpHeaderNames.HOST, authority);
        headers.forEach((name, value) -> message.headers().set(name, value));
        if (body != null) {
            message.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        }
        return message;
    }
}
