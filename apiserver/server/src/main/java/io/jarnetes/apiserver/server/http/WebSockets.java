package io.jarnetes.apiserver.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;

/**
 * Watches over WebSocket (RFC 6455), as upstream serves them: every event is one message, text for
 * JSON and binary for protobuf.
 */
final class WebSockets {

    private static final int MAX_FRAME_BYTES = 65_536;

    private WebSockets() {}

    static boolean isUpgrade(HttpRequest request) {
        return request.headers()
                        .containsValue(HttpHeaderNames.CONNECTION, HttpHeaderNames.UPGRADE, true)
                && request.headers().containsValue(HttpHeaderNames.UPGRADE, "websocket", true);
    }

    /** Switches the connection over and gives the writer of messages. */
    static Exchange.AnswerWriter accept(Exchange exchange, String contentType) {
        Channel channel = exchange.channel();
        HttpRequest head = exchange.head();
        WebSocketServerHandshaker handshaker =
                new WebSocketServerHandshakerFactory(head.uri(), "*", true, MAX_FRAME_BYTES)
                        .newHandshaker(head);
        if (handshaker == null) {
            WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(channel);
        } else {
            DefaultFullHttpRequest whole =
                    new DefaultFullHttpRequest(
                            head.protocolVersion(),
                            head.method(),
                            head.uri(),
                            Unpooled.EMPTY_BUFFER,
                            head.headers(),
                            head.headers());
            handshaker.handshake(channel, whole).awaitUninterruptibly();
        }
        return new Messages(exchange, contentType.startsWith("application/json"));
    }

    private record Messages(Exchange exchange, boolean text) implements Exchange.AnswerWriter {

        @Override
        public void write(byte[] bytes) {
            ByteBuf content = Unpooled.wrappedBuffer(bytes);
            WebSocketFrame frame =
                    text ? new TextWebSocketFrame(content) : new BinaryWebSocketFrame(content);
            exchange.channel().write(frame, exchange.channel().voidPromise());
        }

        @Override
        public void end() {
            exchange.channel()
                    .writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE))
                    .addListener(io.netty.channel.ChannelFutureListener.CLOSE);
            exchange.done(exchange.channel().newSucceededFuture());
        }
    }
}
