package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.raft.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.timeout.ReadTimeoutException;
import io.netty.handler.timeout.ReadTimeoutHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.EOFException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Dials one stream of a peer and reads it, for ever: what breaks is dialled again, soon at first
 * and then less often.
 */
final class StreamReader {
    private static final long FIRST_RETRY_MILLIS = 20;
    private static final long LAST_RETRY_MILLIS = 1000;

    private final PeerContext context;
    private final long peer;
    private final StreamType type;
    private final UrlPicker urls;
    private final PeerStatus status;
    private final EventLoop loop;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private volatile boolean stopped;
    private volatile @Nullable Channel channel;

    StreamReader(
            PeerContext context, long peer, StreamType type, UrlPicker urls, PeerStatus status) {
        this.context = context;
        this.peer = peer;
        this.type = type;
        this.urls = urls;
        this.status = status;
        this.loop = context.dialer().nextLoop();
    }

    void start() {
        context.log()
                .info(
                        "started stream reader with remote peer",
                        "stream-reader-type",
                        type.toString(),
                        "local-member-id",
                        context.local(),
                        "remote-peer-id",
                        PeerHeaders.hex(peer));
        loop.execute(this::dial);
    }

    void stop() {
        stopped = true;
        Channel open = channel;
        if (open != null) {
            open.close();
        }
    }

    private void dial() {
        if (stopped) {
            return;
        }
        URI base = urls.pick();
        Incoming incoming = new Incoming(base);
        context.dialer()
                .dial(base, incoming)
                .whenComplete((opened, failure) -> {
                    if (failure != null) {
                        failed(base, failure.toString());
                    } else {
                        incoming.begin(opened);
                    }
                });
    }

    private void failed(URI base, String reason) {
        urls.unreachable(base);
        status.deactivate("dial", type.toString(), reason);
        again();
    }

    private void again() {
        if (stopped) {
            return;
        }
        long wait = retryMillis;
        retryMillis = Math.min(2 * retryMillis, LAST_RETRY_MILLIS);
        try {
            loop.schedule(this::dial, wait, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            stopped = true; // the loops are gone, and so is this member
        }
    }

    private FullHttpRequest request(URI base) {
        FullHttpRequest request =
                new DefaultFullHttpRequest(
                        HttpVersion.HTTP_1_1,
                        HttpMethod.GET,
                        type.endpoint() + "/" + context.local());
        request.headers().set(HttpHeaderNames.HOST, base.getRawAuthority());
        PeerHeaders.addTo(request.headers(), context.config());
        request.headers().set(PeerHeaders.RAFT_TO, PeerHeaders.hex(peer));
        return request;
    }

    private void received(Message m) {
        boolean linkHeartbeat = m.from() == 0 && m.to() == 0;
        if (linkHeartbeat || stopped) {
            return;
        }
        try {
            context.raft().process(m);
        } catch (ReceiveBufferFullException e) {
            context.metrics().receivedFailure(peer);
            context.log()
                    .warn(
                            status.activeSince() != null
                                    ? "dropped internal Raft message since receiving buffer is full"
                                            + " (overloaded network)"
                                    : "dropped Raft message since receiving buffer is full"
                                            + " (overloaded network)",
                            "message-type",
                            m.type().toString(),
                            "local-member-id",
                            context.local(),
                            "from",
                            PeerHeaders.hex(m.from()),
                            "remote-peer-id",
                            PeerHeaders.hex(m.to()),
                            "remote-peer-active",
                            status.activeSince() != null);
        } catch (RuntimeException e) {
            context.metrics().receivedFailure(peer);
            context.log()
                    .debug(
                            "dropped Raft message of a stream",
                            "message-type",
                            m.type().toString(),
                            "from",
                            PeerHeaders.hex(m.from()),
                            "error",
                            e.toString());
        }
    }

    /** One connection: the answer's head, then the stream. */
    private final class Incoming extends ChannelInboundHandlerAdapter {
        private final URI base;
        private final StreamDecoder decoder = type.decoder(context.config().memberId(), peer);
        private @Nullable ByteBuf rest;
        private int refusedStatus;
        private String theirCluster = "";
        private boolean established;
        private String reason = new EOFException("the peer closed the stream").toString();

        Incoming(URI base) {
            this.base = base;
        }

        void begin(Channel opened) {
            channel = opened;
            if (stopped) {
                opened.close();
                return;
            }
            opened.pipeline()
                    .addFirst(
                            new ReadTimeoutHandler(
                                    PeerConfig.READ_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS));
            opened.writeAndFlush(request(base));
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object part) {
            try {
                if (part instanceof HttpResponse head) {
                    head(head);
                }
                if (part instanceof HttpContent content) {
                    body(ctx, content.content());
                    if (content instanceof LastHttpContent) {
                        ctx.close();
                    }
                }
            } finally {
                ReferenceCountUtil.release(part);
            }
        }

        private void head(HttpResponse head) {
            int code = head.status().code();
            if (code != 200) {
                refusedStatus = code;
                theirCluster = head.headers().get(PeerHeaders.CLUSTER_ID, "");
                return;
            }
            established = true;
            retryMillis = FIRST_RETRY_MILLIS;
            status.activate();
            log("established TCP streaming connection with remote peer");
        }

        private void body(ChannelHandlerContext ctx, ByteBuf bytes) {
            if (refusedStatus != 0) {
                reason = refusal(bytes.toString(StandardCharsets.UTF_8).strip());
                if (bytes.isReadable()) {
                    ctx.close();
                }
                return;
            }
            context.metrics().receivedBytes(peer, bytes.readableBytes());
            ByteBuf in = rest == null ? bytes : rest.writeBytes(bytes);
            decoder.decode(in, StreamReader.this::received);
            if (in.isReadable()) {
                rest =
                        in == bytes
                                ? ctx.alloc().buffer().writeBytes(in)
                                : in.discardSomeReadBytes();
            } else {
                release();
            }
        }

        private String refusal(String body) {
            return switch (refusedStatus) {
                case 404 ->
                        "peer "
                                + PeerHeaders.hex(peer)
                                + " failed to find local node "
                                + context.local();
                case 410 -> "the member has been permanently removed from the cluster";
                case 412 -> {
                    logMismatch(body);
                    yield body;
                }
                default -> "unhandled http status " + refusedStatus;
            };
        }

        private void logMismatch(String body) {
            if (body.equals(PeerHeaders.INCOMPATIBLE_VERSION)) {
                context.log()
                        .warn(
                                "request sent was ignored by remote peer due to server version"
                                        + " incompatibility",
                                "local-member-id",
                                context.local(),
                                "remote-peer-id",
                                PeerHeaders.hex(peer),
                                "error",
                                body);
            } else if (body.equals(PeerHeaders.CLUSTER_ID_MISMATCH)) {
                context.log()
                        .warn(
                                "request sent was ignored by remote peer due to cluster ID"
                                        + " mismatch",
                                "remote-peer-id",
                                PeerHeaders.hex(peer),
                                "remote-peer-cluster-id",
                                theirCluster,
                                "local-member-id",
                                context.local(),
                                "local-member-cluster-id",
                                PeerHeaders.hex(context.config().clusterId()),
                                "error",
                                body);
            }
        }

        private void release() {
            if (rest != null) {
                rest.release();
                rest = null;
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            reason = cause instanceof ReadTimeoutException ? "i/o timeout" : cause.toString();
            ctx.close();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            release();
            channel = null;
            if (stopped) {
                return;
            }
            if (refusedStatus == 410) {
                context.raft().removedFromCluster();
            }
            if (!established) {
                urls.unreachable(base);
            } else {
                log("lost TCP streaming connection with remote peer");
            }
            status.deactivate(established ? "read" : "dial", type.toString(), reason);
            again();
        }

        private void log(String message) {
            context.log()
                    .info(
                            message,
                            "stream-reader-type",
                            type.toString(),
                            "local-member-id",
                            context.local(),
                            "remote-peer-id",
                            PeerHeaders.hex(peer));
        }
    }
}
