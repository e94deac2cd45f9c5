package io.jarnetes.apiserver.server.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Collects a request and hands it to the application; one for each HTTP/1.1 connection and each
 * HTTP/2 stream. Runs on its event loop. Requests of one HTTP/1.1 connection are served one after
 * the other.
 */
final class ExchangeHandler extends ChannelInboundHandlerAdapter {

    /** Upstream's limit of a request body. */
    static final int MAX_BODY_BYTES = 3 * 1024 * 1024;

    /** What is read and thrown away of a larger one before the connection is cut. */
    private static final int MAX_DRAINED_BYTES = 64 * 1024 * 1024;

    private final Connection connection;
    private final Application application;
    private final Executor executor;
    private final InFlight inFlight;
    private final Queue<HttpObject> waiting = new ArrayDeque<>();

    private @Nullable HttpRequest head;
    private ByteArrayOutputStream body = new ByteArrayOutputStream(0);
    private int drained;
    private @Nullable Exchange current;

    ExchangeHandler(
            Connection connection, Application application, Executor executor, InFlight inFlight) {
        this.connection = connection;
        this.application = application;
        this.executor = executor;
        this.inFlight = inFlight;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        switch (message) {
            case HttpObject part when current != null -> waiting.add(part);
            case HttpObject part -> receive(context, part);
            case WebSocketFrame frame -> receiveFrame(context, frame);
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void receive(ChannelHandlerContext context, HttpObject part) {
        try {
            if (part.decoderResult().isFailure()) {
                refuse(context, HttpResponseStatus.BAD_REQUEST);
                return;
            }
            if (part instanceof HttpRequest request) {
                head = request;
                body = new ByteArrayOutputStream(0);
                drained = 0;
                if (HttpUtil.is100ContinueExpected(request)) {
                    context.writeAndFlush(
                            new DefaultFullHttpResponse(
                                    HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
                }
            }
            if (part instanceof HttpContent content) {
                collect(context, content);
            }
            HttpRequest whole = head;
            if (part instanceof LastHttpContent && whole != null) {
                head = null;
                dispatch(context, whole);
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private void collect(ChannelHandlerContext context, HttpContent content) {
        int size = content.content().readableBytes();
        if (drained > 0 || body.size() + size > MAX_BODY_BYTES) {
            drained += Math.max(size, 1);
            if (drained > MAX_DRAINED_BYTES) {
                head = null;
                refuse(context, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE);
            }
            return;
        }
        byte[] bytes = new byte[size];
        content.content().readBytes(bytes);
        body.writeBytes(bytes);
    }

    private static void refuse(ChannelHandlerContext context, HttpResponseStatus status) {
        context.writeAndFlush(new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status))
                .addListener(ChannelFutureListener.CLOSE);
    }

    private void dispatch(ChannelHandlerContext context, HttpRequest request) {
        byte[] bytes = body.toByteArray();
        body = new ByteArrayOutputStream(0);
        Exchange[] self = new Exchange[1];
        Exchange exchange =
                new Exchange(
                        context.channel(),
                        connection,
                        request,
                        bytes,
                        drained > 0,
                        () -> finished(context, self[0]));
        self[0] = exchange;
        current = exchange;
        inFlight.add(exchange);
        executor.execute(() -> {
            try {
                application.serve(exchange);
            } finally {
                inFlight.remove(exchange);
            }
        });
    }

    private void finished(ChannelHandlerContext context, Exchange exchange) {
        if (current != exchange) {
            return;
        }
        current = null;
        HttpObject next;
        while (current == null && (next = waiting.poll()) != null) {
            receive(context, next);
        }
    }

    private void receiveFrame(ChannelHandlerContext context, WebSocketFrame frame) {
        try {
            switch (frame) {
                case CloseWebSocketFrame close ->
                        context.writeAndFlush(close.retainedDuplicate())
                                .addListener(ChannelFutureListener.CLOSE);
                case PingWebSocketFrame ping ->
                        context.writeAndFlush(new PongWebSocketFrame(ping.content().retain()));
                default -> {
                    // A watcher has nothing to say.
                }
            }
        } finally {
            frame.release();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        Exchange exchange = current;
        if (exchange != null) {
            exchange.writabilityChanged();
        }
        context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        Exchange exchange = current;
        if (exchange != null) {
            exchange.peerGone();
        }
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        // A reset or a broken TLS record: the peer is gone, and nothing can be said to it.
        context.close();
    }
}
