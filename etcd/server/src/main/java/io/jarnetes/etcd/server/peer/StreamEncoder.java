package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.raft.Message;
import io.netty.buffer.ByteBuf;

/** Writes the messages of one stream; for one connection and one thread. */
interface StreamEncoder {
    void encode(Message message, ByteBuf out);

    /** What says "still there" between messages. */
    void encodeHeartbeat(ByteBuf out);
}
