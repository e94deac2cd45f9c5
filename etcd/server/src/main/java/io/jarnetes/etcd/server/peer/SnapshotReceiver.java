package io.jarnetes.etcd.server.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The body of one {@code POST /raft/snapshot}: a MsgSnap with its length before it, then the
 * database until the end. Reading stops while a piece is being written, so that a slow disk fills
 * no memory.
 */
final class SnapshotReceiver {
    /** Upstream's limit of the message, which holds the membership only (64 MiB). */
    private static final int MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

    private static final String TEXT = "text/plain; charset=utf-8";

    private final PeerContext context;
    private final SnapshotSink.Factory sinks;
    private final ChannelHandlerContext ctx;
    private final Consumer<PeerEndpoint.Response> answer;
    private final MessageDecoder decoder = new MessageDecoder(MAX_MESSAGE_BYTES);
    private final ByteBuf head;
    private final long begin = System.nanoTime();
    private @Nullable Message message;
    private boolean finished;
    private int writing;
    private CompletableFuture<Void> tail = CompletableFuture.completedFuture(null);

    // Used on the blocking executor only, one task at a time.
    private @Nullable SnapshotSink sink;

    SnapshotReceiver(
            PeerContext context,
            SnapshotSink.Factory sinks,
            ChannelHandlerContext ctx,
            Consumer<PeerEndpoint.Response> answer) {
        this.context = context;
        this.sinks = sinks;
        this.ctx = ctx;
        this.answer = answer;
        this.head = ctx.alloc().buffer();
    }

    /** The next piece of the body. */
    void bytes(ByteBuf bytes, boolean last) {
        if (finished) {
            return;
        }
        Message begun = message;
        ByteBuf database = bytes;
        if (begun == null) {
            head.writeBytes(bytes);
            begun = readHead();
            database = head;
        }
        if (begun == null) {
            if (last && !finished) {
                fail(400, "failed to decode raft message (unexpected EOF)");
            }
            return;
        }
        byte[] piece = new byte[database.readableBytes()];
        database.readBytes(piece);
        write(begun, piece, last);
    }

    private @Nullable Message readHead() {
        try {
            // One message, and what follows it is not another one.
            if (head.readableBytes() < Long.BYTES) {
                return null;
            }
            long size =
                    MessageDecoder.checkedSize(head.getLong(head.readerIndex()), MAX_MESSAGE_BYTES);
            if (head.readableBytes() < Long.BYTES + size) {
                return null;
            }
            decoder.decode(head.readSlice(Long.BYTES + (int) size), decoded -> message = decoded);
        } catch (PeerProtocolException e) {
            fail(400, "failed to decode raft message (" + e.getMessage() + ")");
            return null;
        }
        Message decoded = message;
        if (decoded != null && decoded.type() != MessageType.MSG_SNAP) {
            fail(400, "wrong raft message type");
            return null;
        }
        if (decoded != null) {
            log("receiving database snapshot", decoded);
        }
        return decoded;
    }

    private void write(Message snap, byte[] piece, boolean last) {
        writing++;
        ctx.channel().config().setAutoRead(false);
        onBlocking(() -> {
            try {
                SnapshotSink open = sink;
                if (open == null) {
                    open = sinks.open(snap.snapshot().metadata().index());
                    sink = open;
                }
                open.write(ByteBuffer.wrap(piece));
                if (last) {
                    open.commit();
                    sink = null;
                }
                ctx.executor().execute(() -> written(snap, last));
            } catch (RuntimeException e) {
                abort();
                ctx.executor().execute(() -> fail(500, "failed to save KV snapshot (" + e + ")"));
            }
        });
    }

    /** One task after the other: pieces that were decoded at once come without a pause between. */
    private void onBlocking(Runnable task) {
        try {
            tail = tail.thenRunAsync(task, context.loops().blocking());
        } catch (RejectedExecutionException e) {
            ctx.close();
        }
    }

    private void abort() {
        SnapshotSink open = sink;
        sink = null;
        if (open != null) {
            open.abort();
        }
    }

    private void written(Message snap, boolean last) {
        if (finished) {
            return;
        }
        writing--;
        ctx.channel().config().setAutoRead(writing == 0);
        if (!last) {
            return;
        }
        log("received and saved database snapshot", snap);
        try {
            context.raft().process(snap);
        } catch (MemberRemovedException e) {
            fail(403, String.valueOf(e.getMessage()));
            return;
        } catch (RuntimeException e) {
            fail(500, "failed to process raft message (" + e + ")");
            return;
        }
        finish(snap.from(), true);
        answer.accept(PeerEndpoint.Response.of(204, "", new byte[0]));
    }

    private void fail(int status, String text) {
        if (finished) {
            return;
        }
        ctx.channel().config().setAutoRead(true);
        Message snap = message;
        finish(snap == null ? 0 : snap.from(), false);
        // The rest of the body isn't read: the connection ends with this answer.
        answer.accept(
                new PeerEndpoint.Response(
                        status,
                        TEXT,
                        Map.of("Connection", "close"),
                        (text + "\n").getBytes(UTF_8)));
        ctx.close();
    }

    private void finish(long from, boolean stored) {
        finished = true;
        head.release();
        double seconds = (System.nanoTime() - begin) / 1e9;
        context.metrics().snapshotReceived(from, stored, seconds);
    }

    /** The connection ended before the body did. */
    void brokenOff() {
        if (!finished) {
            Message snap = message;
            finish(snap == null ? 0 : snap.from(), false);
            onBlocking(this::abort);
        }
    }

    private void log(String text, Message snap) {
        context.log()
                .info(
                        text,
                        "local-member-id",
                        context.local(),
                        "remote-snapshot-sender-id",
                        PeerHeaders.hex(snap.from()),
                        "incoming-snapshot-index",
                        snap.snapshot().metadata().index());
    }
}
