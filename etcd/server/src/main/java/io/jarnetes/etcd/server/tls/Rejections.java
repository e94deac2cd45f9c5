package io.jarnetes.etcd.server.tls;

import io.jarnetes.base.log.Log;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * Stands behind the TLS handler of an accepted connection until its handshake is done; tells of one
 * that failed as etcd does, and closes it.
 */
public final class Rejections extends ChannelInboundHandlerAdapter {
    /** Upstream's limit of a handshake. */
    private static final long HANDSHAKE_TIMEOUT_MILLIS = 10_000;

    private final String message;
    private final @Nullable ClientHosts hosts;
    private final Log log;

    /** What came while it was looked up who sends it. */
    private final Queue<Object> early = new ArrayDeque<>();

    private boolean rejected;

    private Rejections(String message, @Nullable ClientHosts hosts, Log log) {
        this.message = message;
        this.hosts = hosts;
        this.log = log;
    }

    /** For connections of clients. */
    public static Rejections client(Log log) {
        return new Rejections("rejected connection on client endpoint", null, log);
    }

    /**
     * For connections of other members.
     *
     * @param hosts what is looked up of where they come from; null for nothing
     */
    public static Rejections peer(@Nullable ClientHosts hosts, Log log) {
        return new Rejections("rejected connection on peer endpoint", hosts, log);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls != null) {
            tls.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT_MILLIS);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent done) {
            if (!done.isSuccess()) {
                reject(ctx, done.cause());
                return;
            }
            ClientHosts known = hosts;
            X509Certificate certificate = known == null ? null : certificate(ctx);
            if (known != null && certificate != null) {
                lookUp(ctx, certificate, known, event);
                return;
            }
            ctx.pipeline().remove(this);
        }
        ctx.fireUserEventTriggered(event);
    }

    /** What the client showed; null if nothing. */
    private static @Nullable X509Certificate certificate(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        try {
            return tls != null
                            && tls.engine().getSession().getPeerCertificates()[0]
                                    instanceof X509Certificate certificate
                    ? certificate
                    : null;
        } catch (SSLPeerUnverifiedException e) {
            return null;
        }
    }

    /** Elsewhere where it may block; nothing of the client is taken before. */
    private void lookUp(
            ChannelHandlerContext ctx,
            X509Certificate certificate,
            ClientHosts known,
            Object handshake) {
        if (!(ctx.channel().remoteAddress() instanceof InetSocketAddress remote)) {
            admit(ctx, certificate, null, handshake);
            return;
        }
        InetAddress from = remote.getAddress();
        if (ClientHosts.isPlain(certificate, from)) {
            admit(ctx, certificate, known.refusal(certificate, from), handshake);
            return;
        }
        ctx.channel().config().setAutoRead(false);
        known.blocking()
                .execute(() -> {
                    String refusal = known.refusal(certificate, from);
                    ctx.executor().execute(() -> admit(ctx, certificate, refusal, handshake));
                });
    }

    private void admit(
            ChannelHandlerContext ctx,
            X509Certificate certificate,
            @Nullable String refusal,
            Object handshake) {
        if (refusal != null) {
            reject(ctx, new RefusedCertificateException(certificate, refusal));
            return;
        }
        ctx.fireUserEventTriggered(handshake);
        // Removed it hands on what came early, before anything else comes.
        ctx.pipeline().remove(this);
        ctx.channel().config().setAutoRead(true);
    }

    /** There is nothing to read before the handshake is done. */
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object part) {
        early.add(part);
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        for (Object part = early.poll(); part != null; part = early.poll()) {
            if (rejected || !ctx.channel().isActive()) {
                ReferenceCountUtil.release(part);
            } else {
                ctx.fireChannelRead(part);
            }
        }
    }

    private void reject(ChannelHandlerContext ctx, Throwable why) {
        rejected = true;
        Log found =
                log.with(
                        "remote-addr",
                        text(ctx.channel().remoteAddress()),
                        "server-name",
                        serverName(ctx));
        for (Throwable t = why; t != null; t = t.getCause()) {
            if (t instanceof RefusedCertificateException refused) {
                found =
                        found.with(
                                "ip-addresses",
                                AltNames.ip(refused.certificate()),
                                "dns-names",
                                AltNames.dns(refused.certificate()));
            }
        }
        found.warn(message, "error", HandshakeErrors.text(why));
        ctx.close();
    }

    /** The failure itself comes by as an exception too: it has been told. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (!rejected) {
            ctx.fireExceptionCaught(cause);
        }
    }

    private static String text(SocketAddress address) {
        return address instanceof InetSocketAddress inet
                ? inet.getAddress().getHostAddress() + ":" + inet.getPort()
                : String.valueOf(address);
    }

    /** What the client said it wants to reach; empty where it dialled an address. */
    private static String serverName(ChannelHandlerContext ctx) {
        SslHandler tls = ctx.pipeline().get(SslHandler.class);
        if (tls != null
                && tls.engine().getHandshakeSession() instanceof ExtendedSSLSession session) {
            List<SNIServerName> names = session.getRequestedServerNames();
            if (!names.isEmpty() && names.getFirst() instanceof SNIHostName name) {
                return name.getAsciiName();
            }
        }
        return "";
    }
}
