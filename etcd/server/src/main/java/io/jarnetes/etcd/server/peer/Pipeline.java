package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.raft.Message;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Posts single messages to a peer that has no stream to us yet: a few at a time, in order. */
final class Pipeline {
    /** Upstream's numbers of connections and of messages that wait. */
    private static final int MAX_IN_FLIGHT = 4;

    private static final int MAX_QUEUED = 64;

    private final PeerContext context;
    private final PeerHttpClient client;
    private final long peer;
    private final UrlPicker urls;
    private final PeerStatus status;
    private final ArrayDeque<Message> queue = new ArrayDeque<>();
    private int inFlight;
    private boolean stopped;

    Pipeline(PeerContext context, long peer, UrlPicker urls, PeerStatus status) {
        this.context = context;
        this.client = new PeerHttpClient(context.dialer());
        this.peer = peer;
        this.urls = urls;
        this.status = status;
    }

    /** Queues a message; false if too many wait. */
    boolean send(Message message) {
        synchronized (this) {
            if (stopped || queue.size() >= MAX_QUEUED) {
                return false;
            }
            queue.addLast(message);
        }
        next();
        return true;
    }

    synchronized void stop() {
        stopped = true;
        queue.clear();
    }

    private void next() {
        Message message;
        synchronized (this) {
            if (inFlight >= MAX_IN_FLIGHT || queue.isEmpty()) {
                return;
            }
            inFlight++;
            message = queue.removeFirst();
        }
        post(message);
    }

    private void post(Message message) {
        URI base = urls.pick();
        byte[] body = MessageCodec.toProto(message).toByteArray();
        client.request(
                        "POST",
                        base.resolve(PeerHeaders.RAFT),
                        headers -> postHeaders(headers, context.config(), "application/protobuf"),
                        body,
                        PeerConfig.READ_TIMEOUT_MILLIS)
                .whenComplete((response, failure) -> {
                    synchronized (this) {
                        inFlight--;
                    }
                    Throwable why = failure == null ? failureOf(response) : failure;
                    done(base, body.length, why);
                    next();
                });
    }

    static void postHeaders(HttpHeaders headers, PeerConfig config, String contentType) {
        headers.set(HttpHeaderNames.CONTENT_TYPE, contentType);
        PeerHeaders.addTo(headers, config);
    }

    /** Why a post was not taken, null if it was. */
    static @Nullable Throwable failureOf(PeerHttpClient.Response response) {
        return switch (response.status()) {
            case 204 -> null;
            case 403 -> new RemovedAnswerException();
            case 412 ->
                    new IOException(new String(response.body(), StandardCharsets.UTF_8).strip());
            default -> new IOException("unexpected http status " + response.status());
        };
    }

    private void done(URI base, int bytes, @Nullable Throwable why) {
        synchronized (this) {
            if (stopped) {
                return;
            }
        }
        if (why == null) {
            status.activate();
            context.metrics().sentBytes(peer, bytes);
            return;
        }
        urls.unreachable(base);
        status.deactivate("write", "pipeline", why.toString());
        context.metrics().sentFailure(peer);
        context.raft().reportUnreachable(peer);
        if (why instanceof RemovedAnswerException) {
            context.raft().removedFromCluster();
        }
    }

    /** The peer answered 403: this member was removed. */
    static final class RemovedAnswerException extends IOException {
        private static final long serialVersionUID = 1;

        RemovedAnswerException() {
            super("the member has been permanently removed from the cluster");
        }
    }
}
