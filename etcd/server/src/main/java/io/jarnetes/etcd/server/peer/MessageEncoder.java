package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import io.netty.buffer.ByteBuf;

/** The message stream: 8 bytes big-endian length, then the protobuf message. */
final class MessageEncoder implements StreamEncoder {
    private static final io.jarnetes.etcd.proto.raftpb.Message HEARTBEAT =
            MessageCodec.toProto(Message.of(MessageType.MSG_HEARTBEAT).build());

    @Override
    public void encode(Message message, ByteBuf out) {
        write(MessageCodec.toProto(message), out);
    }

    /** A MsgHeartbeat from nobody to nobody. */
    @Override
    public void encodeHeartbeat(ByteBuf out) {
        write(HEARTBEAT, out);
    }

    static void write(io.jarnetes.etcd.proto.raftpb.Message m, ByteBuf out) {
        out.writeLong(m.getSerializedSize());
        ProtoBytes.write(m, out);
    }
}
