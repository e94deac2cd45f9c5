package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import io.netty.channel.Channel;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** One other member: two streams each way, posts where a stream is missing, snapshots, probes. */
final class Peer {
    private final PeerContext context;
    private final long id;
    private final UrlPicker urls;
    private final PeerStatus status;
    private final StreamWriter appends;
    private final StreamWriter others;
    private final StreamReader appendReader;
    private final StreamReader otherReader;
    private final Pipeline pipeline;
    private final SnapshotSender snapshots;
    private final Prober prober;

    Peer(PeerContext context, long id, List<URI> peerUrls) {
        this.context = context;
        this.id = id;
        urls = new UrlPicker(peerUrls);
        status =
                new PeerStatus(
                        id, context.log(), context.clock(), context.metrics(), context.raft());
        appends = new StreamWriter(context, id, StreamType.MSG_APP_V2, status);
        others = new StreamWriter(context, id, StreamType.MESSAGE, status);
        appendReader = new StreamReader(context, id, StreamType.MSG_APP_V2, urls, status);
        otherReader = new StreamReader(context, id, StreamType.MESSAGE, urls, status);
        pipeline = new Pipeline(context, id, urls, status);
        snapshots = new SnapshotSender(context, id, urls, status);
        prober = new Prober(context, id, urls);
    }

    void start() {
        appendReader.start();
        otherReader.start();
        prober.start();
    }

    void stop() {
        appendReader.stop();
        otherReader.stop();
        prober.stop();
        appends.stop();
        others.stop();
        pipeline.stop();
        snapshots.stop();
    }

    PeerStatus status() {
        return status;
    }

    void update(List<URI> newUrls) {
        urls.update(newUrls);
    }

    void attach(StreamType type, Channel channel) {
        (type == StreamType.MSG_APP_V2 ? appends : others).attach(channel);
    }

    void sendSnapshot(SnapshotMessage snapshot) {
        snapshots.send(snapshot);
    }

    /** Sends in order on each way: appends on theirs while it is there, all else on the other. */
    void send(List<Message> messages) {
        List<Message> toAppends = new ArrayList<>(messages.size());
        List<Message> toOthers = new ArrayList<>();
        boolean appendStream = appends.isAttached();
        for (Message m : messages) {
            (appendStream && m.type() == MessageType.MSG_APP ? toAppends : toOthers).add(m);
        }
        boolean delivered = toAppends.isEmpty() || appends.send(toAppends);
        if (!toOthers.isEmpty()) {
            delivered &= others.isAttached() ? others.send(toOthers) : post(toOthers);
        }
        if (!delivered) {
            context.metrics().sentFailure(id);
            context.raft().reportUnreachable(id);
        }
    }

    private boolean post(List<Message> messages) {
        boolean all = true;
        for (Message m : messages) {
            all &= pipeline.send(m);
        }
        return all;
    }
}
