package io.jarnetes.etcd.server.peer;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.etcd.raft.Message;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** Reads what {@link MessageEncoder} writes. */
final class MessageDecoder implements StreamDecoder {
    /** Upstream's limit of a message on a stream (512 MiB). */
    static final int MAX_MESSAGE_BYTES = 512 * 1024 * 1024;

    private final long maxBytes;

    MessageDecoder(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void decode(ByteBuf in, Consumer<Message> out) {
        while (in.readableBytes() >= Long.BYTES) {
            long size = checkedSize(in.getLong(in.readerIndex()), maxBytes);
            if (in.readableBytes() < Long.BYTES + size) {
                return;
            }
            in.skipBytes(Long.BYTES);
            out.accept(read(in, (int) size));
        }
    }

    static long checkedSize(long size, long maxBytes) {
        if (size < 0 || size > maxBytes) {
            throw new PeerProtocolException(
                    "a message of " + size + " bytes, more than " + maxBytes);
        }
        return size;
    }

    static Message read(ByteBuf in, int size) {
        try {
            io.jarnetes.etcd.proto.raftpb.Message m =
                    io.jarnetes.etcd.proto.raftpb.Message.parseFrom(
                            in.nioBuffer(in.readerIndex(), size));
            in.skipBytes(size);
            return MessageCodec.fromProto(m);
        } catch (InvalidProtocolBufferException e) {
            throw new PeerProtocolException("malformed raft message of " + size + " bytes", e);
        }
    }
}
