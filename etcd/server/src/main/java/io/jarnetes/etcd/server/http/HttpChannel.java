package io.jarnetes.etcd.server.http;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;

/** Requests of one connection, one after the other. */
public final class HttpChannel extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final int MAX_BODY_BYTES = 2 * 1024 * 1024;

    private final HttpApi api;

    private HttpChannel(HttpApi api) {
        this.api = api;
    }

    /** What serves HTTP/1.1, in the order of a pipeline. */
    public static List<ChannelHandler> handlers(HttpApi api) {
        return List.of(
                new HttpServerCodec(),
                new HttpServerKeepAliveHandler(),
                new HttpObjectAggregator(MAX_BODY_BYTES),
                new HttpChannel(api));
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        HttpAsk ask =
                new HttpAsk(
                        request.method().name(),
                        uri.path(),
                        uri.rawQuery(),
                        uri.parameters(),
                        ByteBufUtil.getBytes(request.content()));
        boolean head = request.method().equals(HttpMethod.HEAD);
        api.handle(ask)
                .whenComplete((answer, failure) ->
                        ctx.executor()
                                .execute(() ->
                                        write(
                                                ctx,
                                                failure == null ? answer : failed(failure),
                                                head)));
    }

    private static HttpAnswer failed(Throwable failure) {
        return HttpAnswer.text(500, failure.getMessage() + "\n");
    }

    private static void write(ChannelHandlerContext ctx, HttpAnswer answer, boolean head) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(answer.status()),
                        head ? Unpooled.EMPTY_BUFFER : Unpooled.wrappedBuffer(answer.body()));
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
        if (!answer.contentType().isEmpty()) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, answer.contentType());
        }
        // --cors is "*": a page of any origin may ask.
        response.headers()
                .set(HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .set(
                        HttpHeaderNames.ACCESS_CONTROL_ALLOW_METHODS,
                        "POST, GET, OPTIONS, PUT, DELETE")
                .set(
                        HttpHeaderNames.ACCESS_CONTROL_ALLOW_HEADERS,
                        "accept, content-type, authorization");
        answer.headers().forEach((name, value) -> response.headers().set(name, value));
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
