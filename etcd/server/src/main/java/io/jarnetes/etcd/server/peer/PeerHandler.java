package io.jarnetes.etcd.server.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.etcd.proto.raftpb.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Serves one connection of a peer: raft messages, streams, snapshots, probes, small requests. */
final class PeerHandler extends ChannelInboundHandlerAdapter {
    /** No message that isn't a snapshot is larger: upstream's limit of a stream. */
    private static final int MAX_BODY_BYTES = MessageDecoder.MAX_MESSAGE_BYTES;

    private static final String TEXT = "text/plain; charset=utf-8";

    private final PeerTransport transport;
    private final PeerContext context;
    private final SnapshotSink.Factory snapshots;
    private final Function<String, @Nullable PeerEndpoint> endpoints;

    /** The request whose body is coming in. */
    private @Nullable HttpRequest request;

    private @Nullable ByteBuf body;
    private @Nullable SnapshotReceiver snapshot;

    /** A stream or a refusal has the connection: nothing more is read from it. */
    private boolean done;

    PeerHandler(
            PeerTransport transport,
            SnapshotSink.Factory snapshots,
            Function<String, @Nullable PeerEndpoint> endpoints) {
        this.transport = transport;
        this.context = transport.context();
        this.snapshots = snapshots;
        this.endpoints = endpoints;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object part) {
        try {
            if (done) {
                return;
            }
            if (part instanceof HttpRequest head) {
                begin(ctx, head);
            }
            if (part instanceof HttpContent content) {
                content(ctx, content);
            }
        } finally {
            ReferenceCountUtil.release(part);
        }
    }

    private void begin(ChannelHandlerContext ctx, HttpRequest head) {
        request = head;
        if (HttpUtil.is100ContinueExpected(head)) {
            ctx.writeAndFlush(
                    new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE));
        }
        if (!path(head).equals(PeerHeaders.SNAPSHOT)) {
            body = ctx.alloc().buffer();
            return;
        }
        if (!isAllowed(ctx, head, HttpMethod.POST)) {
            done = true;
            return;
        }
        transport.addRemote(from(head), PeerHeaders.peerUrls(head.headers()));
        snapshot = new SnapshotReceiver(context, snapshots, ctx, answer -> answered(ctx, answer));
    }

    private static long from(HttpRequest head) {
        return PeerHeaders.id(head.headers().get(PeerHeaders.SERVER_FROM)).orElse(0);
    }

    private static String path(HttpRequest head) {
        String uri = head.uri();
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    private void content(ChannelHandlerContext ctx, HttpContent content) {
        boolean last = content instanceof LastHttpContent;
        SnapshotReceiver receiving = snapshot;
        if (receiving != null) {
            receiving.bytes(content.content(), last);
            return;
        }
        HttpRequest head = request;
        ByteBuf collected = body;
        if (head == null || collected == null) {
            return;
        }
        if (collected.readableBytes() + content.content().readableBytes() > MAX_BODY_BYTES) {
            refuse(ctx, 413, "request entity too large");
            return;
        }
        collected.writeBytes(content.content());
        if (last) {
            byte[] bytes = new byte[collected.readableBytes()];
            collected.readBytes(bytes);
            release();
            serve(ctx, head, bytes);
        }
    }

    private void serve(ChannelHandlerContext ctx, HttpRequest head, byte[] bytes) {
        String path = path(head);
        if (path.equals(PeerHeaders.RAFT)) {
            message(ctx, head, bytes);
        } else if (path.equals(PeerHeaders.PROBING)) {
            probe(ctx);
        } else if (path.startsWith(PeerHeaders.STREAM_PREFIX + "/")) {
            stream(ctx, head, path);
        } else {
            other(ctx, head, path, bytes);
        }
    }

    // ---- /raft

    private void message(ChannelHandlerContext ctx, HttpRequest head, byte[] bytes) {
        if (!isAllowed(ctx, head, HttpMethod.POST)) {
            return;
        }
        transport.addRemote(from(head), PeerHeaders.peerUrls(head.headers()));
        context.metrics().receivedBytes(from(head), bytes.length);
        try {
            context.raft().process(MessageCodec.fromProto(Message.parseFrom(bytes)));
            respond(ctx, 204, "", "");
        } catch (InvalidProtocolBufferException | PeerProtocolException e) {
            context.metrics().receivedFailure(from(head));
            respond(ctx, 400, TEXT, "error unmarshalling raft message\n");
        } catch (MemberRemovedException e) {
            respond(ctx, 403, TEXT, e.getMessage() + "\n");
        } catch (RuntimeException e) {
            context.metrics().receivedFailure(from(head));
            respond(ctx, 500, TEXT, "error processing raft message\n");
        }
    }

    // ---- /raft/stream

    private void stream(ChannelHandlerContext ctx, HttpRequest head, String path) {
        if (!isAllowed(ctx, head, HttpMethod.GET)) {
            return;
        }
        int slash = path.lastIndexOf('/');
        StreamType type = null;
        for (StreamType t : StreamType.values()) {
            type = t.endpoint().equals(path.substring(0, slash)) ? t : type;
        }
        OptionalLong from = PeerHeaders.id(path.substring(slash + 1));
        if (type == null) {
            refuse(ctx, 404, "invalid path");
        } else if (from.isEmpty()) {
            refuse(ctx, 404, "invalid from");
        } else if (context.raft().isIdRemoved(from.getAsLong())) {
            refuse(ctx, 410, "removed member");
        } else if (!transport.isPeer(from.getAsLong())) {
            transport.addRemote(from.getAsLong(), PeerHeaders.peerUrls(head.headers()));
            context.log()
                    .warn(
                            "failed to find remote peer in cluster",
                            "local-member-id",
                            context.local(),
                            "remote-peer-id-from",
                            PeerHeaders.hex(from.getAsLong()),
                            "cluster-id",
                            PeerHeaders.hex(context.config().clusterId()));
            refuse(ctx, 404, "error sender not found");
        } else if (!context.local().equals(head.headers().get(PeerHeaders.RAFT_TO))) {
            refuse(ctx, 412, "to field mismatch");
        } else {
            open(ctx, type, from.getAsLong());
        }
    }

    private void open(ChannelHandlerContext ctx, StreamType type, long from) {
        HttpResponse response =
                new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        identify(response);
        HttpUtil.setTransferEncodingChunked(response, true);
        done = true;
        Channel channel = ctx.channel();
        ctx.writeAndFlush(response);
        if (!transport.attach(from, type, channel)) {
            channel.close();
        }
    }

    // ---- the rest

    private void probe(ChannelHandlerContext ctx) {
        String now = DateTimeFormatter.ISO_INSTANT.format(context.clock().instant());
        respond(ctx, 200, TEXT, "{\"OK\":true,\"Now\":\"" + now + "\"}\n");
    }

    private void other(ChannelHandlerContext ctx, HttpRequest head, String path, byte[] bytes) {
        PeerEndpoint endpoint = endpoints.apply(path);
        if (endpoint == null) {
            respond(ctx, 404, TEXT, "404 page not found\n");
            return;
        }
        String query =
                head.uri().length() > path.length() ? head.uri().substring(path.length() + 1) : "";
        // One request at a time: the next is read when this one is answered.
        ctx.channel().config().setAutoRead(false);
        endpoint.handle(new PeerEndpoint.Request(head.method().name(), path, query, bytes))
                .whenComplete((answer, failure) ->
                        ctx.executor().execute(() -> answered(ctx, answer, failure)));
    }

    private void answered(
            ChannelHandlerContext ctx,
            PeerEndpoint.@Nullable Response answer,
            @Nullable Throwable failure) {
        ctx.channel().config().setAutoRead(true);
        if (answer != null) {
            answered(ctx, answer);
        } else {
            respond(ctx, 500, TEXT, String.valueOf(failure) + "\n");
        }
    }

    private void answered(ChannelHandlerContext ctx, PeerEndpoint.Response answer) {
        snapshot = null;
        send(ctx, answer.status(), answer.contentType(), answer.headers(), answer.body());
    }

    /** Checks method, version and cluster; if they don't fit the request is answered. */
    private boolean isAllowed(ChannelHandlerContext ctx, HttpRequest head, HttpMethod method) {
        if (!head.method().equals(method)) {
            send(
                    ctx,
                    405,
                    TEXT,
                    Map.of("Allow", method.name()),
                    "Method Not Allowed\n".getBytes(UTF_8));
            return false;
        }
        String refusal = PeerHeaders.refusal(head.headers(), context.config());
        if (refusal == null) {
            return true;
        }
        context.log()
                .warn(
                        refusal.equals(PeerHeaders.CLUSTER_ID_MISMATCH)
                                ? "request cluster ID mismatch"
                                : "failed version compatibility check",
                        "local-member-id",
                        context.local(),
                        "local-member-cluster-id",
                        PeerHeaders.hex(context.config().clusterId()),
                        "remote-peer-server-name",
                        head.headers().get(PeerHeaders.SERVER_FROM),
                        "remote-peer-server-version",
                        head.headers().get(PeerHeaders.SERVER_VERSION),
                        "remote-peer-cluster-id",
                        head.headers().get(PeerHeaders.CLUSTER_ID));
        refuse(ctx, 412, refusal);
        return false;
    }

    private void refuse(ChannelHandlerContext ctx, int status, String text) {
        respond(ctx, status, TEXT, text + "\n");
    }

    private void respond(ChannelHandlerContext ctx, int status, String contentType, String text) {
        send(ctx, status, contentType, Map.of(), text.getBytes(UTF_8));
    }

    private void send(
            ChannelHandlerContext ctx,
            int status,
            String contentType,
            Map<String, String> headers,
            byte[] bytes) {
        HttpRequest head = request;
        request = null;
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1,
                        HttpResponseStatus.valueOf(status),
                        Unpooled.wrappedBuffer(bytes));
        identify(response);
        headers.forEach((name, value) -> response.headers().set(name, value));
        if (!contentType.isEmpty()) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        }
        if (status != 204) {
            response.headers().set(HttpHeaderNames.CONTENT_LENGTH, bytes.length);
        }
        boolean keep = !done && head != null && HttpUtil.isKeepAlive(head);
        HttpUtil.setKeepAlive(response, keep);
        var written = ctx.writeAndFlush(response);
        if (!keep) {
            done = true;
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void identify(HttpResponse response) {
        response.headers()
                .set(PeerHeaders.SERVER_VERSION, context.config().serverVersion())
                .set(PeerHeaders.CLUSTER_ID, PeerHeaders.hex(context.config().clusterId()));
    }

    private void release() {
        if (body != null) {
            body.release();
            body = null;
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        release();
        SnapshotReceiver receiving = snapshot;
        if (receiving != null) {
            receiving.brokenOff();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        context.log()
                .debug(
                        "closed connection of a peer",
                        "remote-addr",
                        String.valueOf(ctx.channel().remoteAddress()),
                        "error",
                        cause.toString());
        ctx.close();
    }
}
