package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.raft.Message;
import java.net.URI;
import java.util.List;

/**
 * A member that asked us something and isn't a peer yet: while this member catches up it must be
 * able to answer, though it doesn't know the configuration that has the other one in it.
 */
final class Remote {
    private final Pipeline pipeline;
    private final SnapshotSender snapshots;

    Remote(PeerContext context, long id, List<URI> peerUrls) {
        UrlPicker urls = new UrlPicker(peerUrls);
        PeerStatus status =
                new PeerStatus(
                        id, context.log(), context.clock(), context.metrics(), context.raft());
        pipeline = new Pipeline(context, id, urls, status);
        snapshots = new SnapshotSender(context, id, urls, status);
    }

    void send(List<Message> messages) {
        messages.forEach(pipeline::send);
    }

    void sendSnapshot(SnapshotMessage snapshot) {
        snapshots.send(snapshot);
    }

    void stop() {
        pipeline.stop();
        snapshots.stop();
    }
}
