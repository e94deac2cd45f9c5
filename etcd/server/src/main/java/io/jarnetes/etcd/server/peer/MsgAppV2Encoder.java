package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.Message;
import io.netty.buffer.ByteBuf;

/**
 * The append stream. After an append in full ({@code 2}, length, message) those that go on where it
 * ended, in the same term, are sent as entries only ({@code 1}, count, (length, entry)*, commit); a
 * {@code 0} is the link's heartbeat. Numbers are 8 bytes big-endian.
 */
final class MsgAppV2Encoder implements StreamEncoder {
    static final byte LINK_HEARTBEAT = 0;
    static final byte APP_ENTRIES = 1;
    static final byte APP = 2;

    private long term;
    private long index;

    @Override
    public void encode(Message m, ByteBuf out) {
        if (index == m.index() && term == m.logTerm() && m.logTerm() == m.term()) {
            encodeEntries(m, out);
            return;
        }
        out.writeByte(APP);
        MessageEncoder.write(MessageCodec.toProto(m), out);
        term = m.term();
        index = m.entries().isEmpty() ? m.index() : m.entries().getLast().index();
    }

    private void encodeEntries(Message m, ByteBuf out) {
        out.writeByte(APP_ENTRIES);
        out.writeLong(m.entries().size());
        for (Entry e : m.entries()) {
            var proto = MessageCodec.toProto(e);
            out.writeLong(proto.getSerializedSize());
            ProtoBytes.write(proto, out);
            index++;
        }
        out.writeLong(m.commit());
    }

    @Override
    public void encodeHeartbeat(ByteBuf out) {
        out.writeByte(LINK_HEARTBEAT);
    }
}
