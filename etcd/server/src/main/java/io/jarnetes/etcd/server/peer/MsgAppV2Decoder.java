package io.jarnetes.etcd.server.peer;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reads what {@link MsgAppV2Encoder} writes. A link heartbeat comes out as one from 0 to 0. */
final class MsgAppV2Decoder implements StreamDecoder {
    private static final Message LINK_HEARTBEAT = Message.of(MessageType.MSG_HEARTBEAT).build();

    private final long local;
    private final long remote;
    private long term;
    private long index;

    /** While the entries of one append come in: those so far, and how many are missing. */
    private List<Entry> entries = new ArrayList<>();

    private long missing = -1;

    MsgAppV2Decoder(long local, long remote) {
        this.local = local;
        this.remote = remote;
    }

    @Override
    public void decode(ByteBuf in, Consumer<Message> out) {
        boolean more = true;
        while (more && in.isReadable()) {
            more = missing >= 0 ? decodeEntries(in, out) : decodeNext(in, out);
        }
    }

    /** Reads the next message or its beginning; false if there isn't enough. */
    private boolean decodeNext(ByteBuf in, Consumer<Message> out) {
        byte kind = in.getByte(in.readerIndex());
        switch (kind) {
            case MsgAppV2Encoder.LINK_HEARTBEAT -> {
                in.skipBytes(1);
                out.accept(LINK_HEARTBEAT);
                return true;
            }
            case MsgAppV2Encoder.APP_ENTRIES -> {
                if (in.readableBytes() < 1 + Long.BYTES) {
                    return false;
                }
                in.skipBytes(1);
                missing = checkedCount(in.readLong());
                entries = new ArrayList<>();
                return true;
            }
            case MsgAppV2Encoder.APP -> {
                return decodeApp(in, out);
            }
            default ->
                    throw new PeerProtocolException(
                            "failed to parse type " + kind + " in msgappv2 stream");
        }
    }

    private static long checkedCount(long count) {
        if (count < 0 || count > Integer.MAX_VALUE) {
            throw new PeerProtocolException("an append of " + count + " entries");
        }
        return count;
    }

    private boolean decodeApp(ByteBuf in, Consumer<Message> out) {
        if (in.readableBytes() < 1 + Long.BYTES) {
            return false;
        }
        long size =
                MessageDecoder.checkedSize(
                        in.getLong(in.readerIndex() + 1), MessageDecoder.MAX_MESSAGE_BYTES);
        if (in.readableBytes() < 1 + Long.BYTES + size) {
            return false;
        }
        in.skipBytes(1 + Long.BYTES);
        Message m = MessageDecoder.read(in, (int) size);
        term = m.term();
        index = m.entries().isEmpty() ? m.index() : m.entries().getLast().index();
        out.accept(m);
        return true;
    }

    /** Reads entries, and the commit index behind them; false if there isn't enough. */
    private boolean decodeEntries(ByteBuf in, Consumer<Message> out) {
        while (missing > 0) {
            if (in.readableBytes() < Long.BYTES) {
                return false;
            }
            long size =
                    MessageDecoder.checkedSize(
                            in.getLong(in.readerIndex()), MessageDecoder.MAX_MESSAGE_BYTES);
            if (in.readableBytes() < Long.BYTES + size) {
                return false;
            }
            in.skipBytes(Long.BYTES);
            entries.add(entry(in, (int) size));
            missing--;
        }
        if (in.readableBytes() < Long.BYTES) {
            return false;
        }
        Message m =
                Message.of(MessageType.MSG_APP)
                        .from(remote)
                        .to(local)
                        .term(term)
                        .logTerm(term)
                        .index(index)
                        .entries(entries)
                        .commit(in.readLong())
                        .build();
        index += entries.size();
        missing = -1;
        out.accept(m);
        return true;
    }

    private static Entry entry(ByteBuf in, int size) {
        try {
            var proto =
                    io.jarnetes.etcd.proto.raftpb.Entry.parseFrom(
                            in.nioBuffer(in.readerIndex(), size));
            in.skipBytes(size);
            return MessageCodec.fromProto(proto);
        } catch (InvalidProtocolBufferException e) {
            throw new PeerProtocolException("malformed entry of " + size + " bytes", e);
        }
    }
}
