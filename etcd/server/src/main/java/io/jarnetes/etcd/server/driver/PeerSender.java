package io.jarnetes.etcd.server.driver;

import io.jarnetes.etcd.raft.Message;
import java.util.List;

/** The way to the other members; must not block. */
@FunctionalInterface
public interface PeerSender {
    /** Sends what can be sent, in order for each member; none of them is a snapshot. */
    void send(List<Message> messages);
}
