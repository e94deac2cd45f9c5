package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.raft.Message;
import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;

/** Reads the messages of one stream; for one connection and one thread. */
interface StreamDecoder {
    /**
     * Reads as many whole messages as there are. What is left in {@code in} is the beginning of the
     * next one and must be given again, with more behind it.
     *
     * @throws PeerProtocolException if the stream is damaged
     */
    void decode(ByteBuf in, Consumer<Message> out);
}
