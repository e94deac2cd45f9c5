package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.raft.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Posts a MsgSnap with the database behind it; one call a snapshot, on the blocking executor. */
final class SnapshotSender {
    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int MAX_RESPONSE_BYTES = 64 * 1024;

    /** How long a peer may take to take one chunk, or to store the whole after the last one. */
    private static final int CHUNK_TIMEOUT_SECONDS = 30;

    private static final int DIAL_TIMEOUT_SECONDS = 15;
    private static final int ANSWER_TIMEOUT_SECONDS = 120;

    private final PeerContext context;
    private final long peer;
    private final UrlPicker urls;
    private final PeerStatus status;
    private volatile @Nullable Channel open;
    private volatile boolean stopped;

    SnapshotSender(PeerContext context, long peer, UrlPicker urls, PeerStatus status) {
        this.context = context;
        this.peer = peer;
        this.urls = urls;
        this.status = status;
    }

    void send(SnapshotMessage snapshot) {
        try {
            context.loops().blocking().execute(() -> run(snapshot));
        } catch (RejectedExecutionException e) {
            close(snapshot.database());
            context.raft().reportSnapshot(peer, false);
        }
    }

    void stop() {
        stopped = true;
        Channel channel = open;
        if (channel != null) {
            channel.close();
        }
    }

    private void run(SnapshotMessage snapshot) {
        long begin = System.nanoTime();
        log("sending database snapshot", snapshot, null);
        URI base = urls.pick();
        Throwable why = null;
        try (InputStream database = snapshot.database()) {
            post(base, snapshot.message(), database);
        } catch (IOException | RuntimeException e) {
            why = e;
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        context.metrics().snapshotSent(peer, why == null, seconds);
        if (stopped) {
            return;
        }
        if (why == null) {
            status.activate();
            log("sent database snapshot", snapshot, null);
        } else {
            urls.unreachable(base);
            status.deactivate("post", "sendMsgSnap", why.toString());
            context.metrics().sentFailure(peer);
            context.raft().reportUnreachable(peer);
            log("failed to send database snapshot", snapshot, why.toString());
            if (why instanceof Pipeline.RemovedAnswerException) {
                context.raft().removedFromCluster();
            }
        }
        context.raft().reportSnapshot(peer, why == null);
    }

    private void post(URI base, Message message, InputStream database) throws IOException {
        CompletableFuture<PeerHttpClient.Response> answer = new CompletableFuture<>();
        Channel channel =
                await(context.dialer().dial(base, new Answer(answer)), DIAL_TIMEOUT_SECONDS);
        open = channel;
        try {
            channel.write(request(base));
            ByteBuf head = channel.alloc().buffer();
            MessageEncoder.write(MessageCodec.toProto(message), head);
            long bytes = head.readableBytes();
            write(channel, head, answer);
            byte[] chunk = new byte[CHUNK_BYTES];
            for (int n = database.read(chunk); n >= 0; n = database.read(chunk)) {
                bytes += n;
                write(channel, channel.alloc().buffer(n).writeBytes(chunk, 0, n), answer);
            }
            channel.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
            Throwable refused = Pipeline.failureOf(await(answer, ANSWER_TIMEOUT_SECONDS));
            if (refused instanceof IOException e) {
                throw e;
            }
            context.metrics().sentBytes(peer, bytes);
        } finally {
            open = null;
            channel.close();
        }
    }

    private HttpRequest request(URI base) {
        HttpRequest request =
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, PeerHeaders.SNAPSHOT);
        request.headers()
                .set(HttpHeaderNames.HOST, base.getRawAuthority())
                .set(HttpHeaderNames.TRANSFER_ENCODING, "chunked");
        Pipeline.postHeaders(request.headers(), context.config(), "application/octet-stream");
        return request;
    }

    /** Writes and waits, so that no more than a chunk is in memory. */
    private static void write(
            Channel channel, ByteBuf bytes, CompletableFuture<PeerHttpClient.Response> answer)
            throws IOException {
        if (answer.isDone()) {
            // Refused before the end.
            bytes.release();
            Throwable refused = Pipeline.failureOf(await(answer, DIAL_TIMEOUT_SECONDS));
            throw refused instanceof IOException e
                    ? e
                    : new IOException("the peer answered before the end of the snapshot");
        }
        var written = channel.writeAndFlush(new DefaultHttpContent(bytes));
        boolean done = written.awaitUninterruptibly(CHUNK_TIMEOUT_SECONDS, TimeUnit.SECONDS);
        if (!done || !written.isSuccess()) {
            throw new IOException("the peer takes no more of the snapshot", written.cause());
        }
    }

    private static <T> T await(CompletableFuture<T> future, int seconds) throws IOException {
        try {
            return future.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException | CompletionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IOException("no answer in " + seconds + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private static void close(InputStream database) {
        try {
            database.close();
        } catch (IOException e) {
            // Read only: there is nothing to lose.
        }
    }

    private void log(String text, SnapshotMessage snapshot, @Nullable String error) {
        Object[] pairs = {
            "snapshot-index",
            snapshot.message().snapshot().metadata().index(),
            "remote-peer-id",
            PeerHeaders.hex(peer),
            "bytes",
            snapshot.databaseBytes()
        };
        if (error == null) {
            context.log().info(text, pairs);
        } else {
            context.log().with("error", error).warn(text, pairs);
        }
    }

    /** Waits for the answer to the post. */
    private static final class Answer extends SimpleChannelInboundHandler<FullHttpResponse> {
        private final CompletableFuture<PeerHttpClient.Response> result;

        Answer(CompletableFuture<PeerHttpClient.Response> result) {
            this.result = result;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.pipeline()
                    .addBefore(ctx.name(), null, new HttpObjectAggregator(MAX_RESPONSE_BYTES));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
            byte[] body = new byte[response.content().readableBytes()];
            response.content().readBytes(body);
            result.complete(
                    new PeerHttpClient.Response(
                            response.status().code(), response.headers(), body));
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            result.completeExceptionally(new IOException("the peer closed the connection"));
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            result.completeExceptionally(cause);
            ctx.close();
        }
    }
}
