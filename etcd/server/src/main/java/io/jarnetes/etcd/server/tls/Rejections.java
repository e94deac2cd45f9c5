package io.jarnetes.etcd.server.tls;

import io.jarnetes.base.log.Log;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;

/**
 * Stands behind the TLS handler of an accepted connection until its handshake is done; tells of one
 * that failed as etcd does, and closes it.
 */
public final class Rejections extends ChannelInboundHandlerAdapter {
    /** Upstream's limit of a handshake. */
    private static final long HANDSHAKE_TIMEOUT_MILLIS = 10_000;

    /** Kinds of alternative names. */
    private static final int DNS = 2;

    private static final int IP = 7;

    private final String message;
    private final Log log;
    private boolean rejected;

    private Rejections(String message, Log log) {
        this.message = message;
        this.log = log;
    }

    /** For connections of clients. */
    public static Rejections client(Log log) {
        return new Rejections("rejected connection on client endpoint", log);
    }

    /** For connections of other members. */
    public static Rejections peer(Log log) {
        return new Rejections("rejected connection on peer endpoint", log);
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
            if (done.isSuccess()) {
                ctx.pipeline().remove(this);
            } else {
                reject(ctx, done.cause());
                return;
            }
        }
        ctx.fireUserEventTriggered(event);
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
                                names(refused.certificate(), IP),
                                "dns-names",
                                names(refused.certificate(), DNS));
            }
        }
        found.warn(message, "error", HandshakeErrors.text(why));
        ctx.close();
    }

    private static List<String> names(X509Certificate certificate, int kind) {
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            return all == null
                    ? List.of()
                    : all.stream()
                            .filter(name -> name.get(0).equals(kind))
                            .map(name -> text(kind, String.valueOf(name.get(1))))
                            .toList();
        } catch (CertificateParsingException e) {
            return List.of();
        }
    }

    /** Addresses as Go writes them, {@code ::1}. */
    private static String text(int kind, String name) {
        return kind == IP ? NetUtil.toAddressString(InetAddress.ofLiteral(name)) : name;
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
