package io.jarnetes.etcd.server.v3rpc;

import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.ProtocolNegotiationEvent;
import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.server.http.HttpApi;
import io.jarnetes.etcd.server.http.HttpChannel;
import io.jarnetes.etcd.server.tls.Rejections;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AsciiString;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Decides by the first bytes of a connection, after TLS if there is any, whether it speaks HTTP/2
 * (the preface {@code PRI * HTTP/2.0}), which goes to gRPC, or HTTP/1.1.
 */
final class ClientNegotiator implements InternalProtocolNegotiator.ProtocolNegotiator {
    private final @Nullable Supplier<SslContext> tls;
    private final HttpApi http;
    private final Log log;

    /**
     * @param tls asked for each connection; null for plain ones
     */
    ClientNegotiator(@Nullable Supplier<SslContext> tls, HttpApi http, Log log) {
        this.tls = tls;
        this.http = http;
        this.log = log;
    }

    @Override
    public AsciiString scheme() {
        return AsciiString.of(tls == null ? "http" : "https");
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
        return new Sniffer(grpc);
    }

    @Override
    public void close() {}

    private final class Sniffer extends ByteToMessageDecoder {
        private static final int ENOUGH_BYTES = 4;

        private final GrpcHttp2ConnectionHandler grpc;
        private ProtocolNegotiationEvent negotiation =
                InternalProtocolNegotiationEvent.getDefault();

        Sniffer(GrpcHttp2ConnectionHandler grpc) {
            this.grpc = grpc;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
            super.handlerAdded(ctx);
            if (tls != null) {
                SslHandler handler = tls.get().newHandler(ctx.alloc());
                ctx.pipeline().addBefore(ctx.name(), null, handler);
                ctx.pipeline().addBefore(ctx.name(), null, Rejections.client(log));
            }
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
            if (event instanceof ProtocolNegotiationEvent begun) {
                negotiation = begun;
            } else {
                super.userEventTriggered(ctx, event);
            }
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            if (in.readableBytes() < ENOUGH_BYTES) {
                return;
            }
            ByteBuf preface = Http2CodecUtil.connectionPrefaceBuf();
            int length = Math.min(in.readableBytes(), preface.readableBytes());
            boolean http2 =
                    io.netty.buffer.ByteBufUtil.equals(
                            in, in.readerIndex(), preface, preface.readerIndex(), length);
            preface.release();
            if (http2) {
                startGrpc(ctx);
            } else {
                startHttp(ctx);
            }
        }

        private void startGrpc(ChannelHandlerContext ctx) {
            ChannelHandler next = InternalProtocolNegotiators.serverPlaintext().newHandler(grpc);
            ctx.pipeline().addAfter(ctx.name(), null, next);
            ctx.fireUserEventTriggered(withSession(ctx));
            ctx.pipeline().remove(this);
        }

        private ProtocolNegotiationEvent withSession(ChannelHandlerContext ctx) {
            SslHandler handler = ctx.pipeline().get(SslHandler.class);
            if (handler == null) {
                return negotiation;
            }
            SSLSession session = handler.engine().getSession();
            Attributes attributes =
                    InternalProtocolNegotiationEvent.getAttributes(negotiation).toBuilder()
                            .set(Grpc.TRANSPORT_ATTR_SSL_SESSION, session)
                            .build();
            return InternalProtocolNegotiationEvent.withAttributes(negotiation, attributes);
        }

        /** Removing this handler hands on what was read so far to the handler after it. */
        private void startHttp(ChannelHandlerContext ctx) {
            String after = ctx.name();
            for (ChannelHandler handler : HttpChannel.handlers(http)) {
                ctx.pipeline().addAfter(after, null, handler);
                after = ctx.pipeline().context(handler).name();
            }
            ctx.pipeline().remove(this);
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            log.debug("closed a connection on client endpoint", "error", cause);
            ctx.close();
        }
    }
}
