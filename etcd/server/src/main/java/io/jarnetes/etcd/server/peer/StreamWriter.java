package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.raft.Message;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The sending end of one stream: the body of an answer to a peer that dialled. Encoding happens on
 * the connection's event loop; what is queued is bounded, and beyond that dropped.
 */
final class StreamWriter {
    /** Upstream's limit of messages that wait for one stream. */
    private static final int MAX_QUEUED = 4096;

    private static final long MAX_QUEUED_BYTES = 64L * 1024 * 1024;
    private static final int HEARTBEAT_MILLIS = PeerConfig.READ_TIMEOUT_MILLIS / 3;
    private static final int BUFFER_BYTES = 8 * 1024;

    private final PeerContext context;
    private final long peer;
    private final StreamType type;
    private final PeerStatus status;
    private volatile @Nullable Connection connection;
    private volatile boolean stopped;

    StreamWriter(PeerContext context, long peer, StreamType type, PeerStatus status) {
        this.context = context;
        this.peer = peer;
        this.type = type;
        this.status = status;
    }

    /** Takes a connection whose answer has begun; an older one is closed. */
    void attach(Channel channel) {
        Connection fresh = new Connection(channel);
        Connection old;
        synchronized (this) {
            if (stopped) {
                channel.close();
                return;
            }
            old = connection;
            connection = fresh;
        }
        if (old != null) {
            old.channel.close();
            log("closed TCP streaming connection with remote peer");
        }
        fresh.begin();
        status.activate();
        log("established TCP streaming connection with remote peer");
    }

    boolean isAttached() {
        return connection != null;
    }

    /** Sends in order; false if nothing can be sent now. */
    boolean send(List<Message> messages) {
        Connection open = connection;
        return open != null && open.send(messages);
    }

    void stop() {
        Connection open;
        synchronized (this) {
            stopped = true;
            open = connection;
            connection = null;
        }
        if (open != null) {
            // Behind what is queued: a removed member still hears that it was.
            open.closeAfterQueued();
        }
    }

    private synchronized boolean detach(Connection closed) {
        if (connection != closed) {
            return false;
        }
        connection = null;
        return true;
    }

    private void log(String message) {
        context.log()
                .info(
                        message,
                        "stream-writer-type",
                        type.toString(),
                        "local-member-id",
                        context.local(),
                        "remote-peer-id",
                        PeerHeaders.hex(peer));
    }

    private final class Connection {
        private final Channel channel;
        private final StreamEncoder encoder = type.encoder();
        private final AtomicInteger queued = new AtomicInteger();
        private final AtomicLong queuedBytes = new AtomicLong();
        private @Nullable ScheduledFuture<?> heartbeats;

        Connection(Channel channel) {
            this.channel = channel;
        }

        void begin() {
            heartbeats =
                    channel.eventLoop()
                            .scheduleAtFixedRate(
                                    this::heartbeat,
                                    HEARTBEAT_MILLIS,
                                    HEARTBEAT_MILLIS,
                                    TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(f -> closed());
        }

        boolean send(List<Message> messages) {
            if (queued.get() >= MAX_QUEUED || queuedBytes.get() >= MAX_QUEUED_BYTES) {
                return false;
            }
            long bytes = 0;
            for (Message m : messages) {
                bytes += m.entries().stream().mapToLong(e -> e.data().length).sum();
            }
            long size = bytes;
            queued.addAndGet(messages.size());
            queuedBytes.addAndGet(size);
            try {
                channel.eventLoop().execute(() -> write(messages, size));
            } catch (RejectedExecutionException e) {
                return false;
            }
            return true;
        }

        private void write(List<Message> messages, long size) {
            ByteBuf buffer = channel.alloc().buffer(BUFFER_BYTES);
            for (Message m : messages) {
                encoder.encode(m, buffer);
            }
            context.metrics().sentBytes(peer, buffer.readableBytes());
            channel.writeAndFlush(new DefaultHttpContent(buffer))
                    .addListener((ChannelFuture done) -> {
                        queued.addAndGet(-messages.size());
                        queuedBytes.addAndGet(-size);
                        if (!done.isSuccess()) {
                            context.metrics().sentFailure(peer);
                            context.raft().reportUnreachable(peer);
                            channel.close();
                        }
                    });
        }

        private void heartbeat() {
            ByteBuf buffer = channel.alloc().buffer(BUFFER_BYTES);
            encoder.encodeHeartbeat(buffer);
            context.metrics().sentBytes(peer, buffer.readableBytes());
            channel.writeAndFlush(new DefaultHttpContent(buffer));
        }

        void closeAfterQueued() {
            try {
                channel.eventLoop().execute(() -> channel.close());
            } catch (RejectedExecutionException e) {
                channel.close();
            }
        }

        private void closed() {
            ScheduledFuture<?> timer = heartbeats;
            if (timer != null) {
                timer.cancel(false);
            }
            if (detach(this)) {
                status.deactivate("write", type.toString(), "the connection was closed");
                log("lost TCP streaming connection with remote peer");
                context.raft().reportUnreachable(peer);
            }
        }
    }
}
