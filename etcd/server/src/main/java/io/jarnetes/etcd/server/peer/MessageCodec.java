package io.jarnetes.etcd.server.peer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.jarnetes.etcd.proto.raftpb.ConfState;
import io.jarnetes.etcd.proto.raftpb.Entry;
import io.jarnetes.etcd.proto.raftpb.Message;
import io.jarnetes.etcd.proto.raftpb.MessageType;
import io.jarnetes.etcd.proto.raftpb.Snapshot;
import io.jarnetes.etcd.proto.raftpb.SnapshotMetadata;
import io.jarnetes.etcd.raft.EntryType;
import java.util.ArrayList;
import java.util.List;

/**
 * Between raft's records and raftpb. Scalars are always written, as upstream's encoder does; the
 * empty snapshot that upstream puts on every message is read as none.
 */
public final class MessageCodec {
    private MessageCodec() {}

    /** The protobuf form; entry data is shared, not copied. */
    public static Message toProto(io.jarnetes.etcd.raft.Message m) {
        Message.Builder b =
                Message.newBuilder()
                        .setType(type(m.type()))
                        .setTo(m.to())
                        .setFrom(m.from())
                        .setTerm(m.term())
                        .setLogTerm(m.logTerm())
                        .setIndex(m.index())
                        .setCommit(m.commit())
                        .setVote(m.vote())
                        .setReject(m.reject())
                        .setRejectHint(m.rejectHint());
        for (io.jarnetes.etcd.raft.Entry e : m.entries()) {
            b.addEntries(toProto(e));
        }
        if (!m.snapshot().isEmpty()) {
            b.setSnapshot(toProto(m.snapshot()));
        }
        if (m.context().length > 0) {
            b.setContext(UnsafeByteOperations.unsafeWrap(m.context()));
        }
        return b.build();
    }

    private static MessageType type(io.jarnetes.etcd.raft.MessageType type) {
        MessageType found = MessageType.forNumber(type.number());
        if (found == null) {
            throw new IllegalArgumentException("no raftpb type for " + type);
        }
        return found;
    }

    /** The protobuf form; the data is shared, not copied. */
    public static Entry toProto(io.jarnetes.etcd.raft.Entry e) {
        Entry.Builder b =
                Entry.newBuilder()
                        .setType(entryType(e.type()))
                        .setTerm(e.term())
                        .setIndex(e.index());
        if (e.data().length > 0) {
            b.setData(UnsafeByteOperations.unsafeWrap(e.data()));
        }
        return b.build();
    }

    private static io.jarnetes.etcd.proto.raftpb.EntryType entryType(EntryType type) {
        return switch (type) {
            case NORMAL -> io.jarnetes.etcd.proto.raftpb.EntryType.EntryNormal;
            case CONF_CHANGE -> io.jarnetes.etcd.proto.raftpb.EntryType.EntryConfChange;
            case CONF_CHANGE_V2 -> io.jarnetes.etcd.proto.raftpb.EntryType.EntryConfChangeV2;
        };
    }

    /** The protobuf form. */
    public static Snapshot toProto(io.jarnetes.etcd.raft.Snapshot s) {
        io.jarnetes.etcd.raft.ConfState conf = s.metadata().confState();
        return Snapshot.newBuilder()
                .setData(UnsafeByteOperations.unsafeWrap(s.data()))
                .setMetadata(
                        SnapshotMetadata.newBuilder()
                                .setConfState(
                                        ConfState.newBuilder()
                                                .addAllVoters(conf.voters())
                                                .addAllLearners(conf.learners())
                                                .addAllVotersOutgoing(conf.votersOutgoing())
                                                .addAllLearnersNext(conf.learnersNext())
                                                .setAutoLeave(conf.autoLeave()))
                                .setIndex(s.metadata().index())
                                .setTerm(s.metadata().term()))
                .build();
    }

    /**
     * The record of a protobuf message.
     *
     * @throws PeerProtocolException if raft has no such type of message or entry
     */
    public static io.jarnetes.etcd.raft.Message fromProto(Message m) {
        io.jarnetes.etcd.raft.MessageType type =
                io.jarnetes.etcd.raft.MessageType.of(m.getType().getNumber());
        if (type == null) {
            throw new PeerProtocolException("unknown raft message type " + m.getType());
        }
        List<io.jarnetes.etcd.raft.Entry> entries = new ArrayList<>(m.getEntriesCount());
        for (Entry e : m.getEntriesList()) {
            entries.add(fromProto(e));
        }
        return io.jarnetes.etcd.raft.Message.of(type)
                .to(m.getTo())
                .from(m.getFrom())
                .term(m.getTerm())
                .logTerm(m.getLogTerm())
                .index(m.getIndex())
                .entries(entries)
                .commit(m.getCommit())
                .vote(m.getVote())
                .snapshot(fromProto(m.getSnapshot()))
                .reject(m.getReject())
                .rejectHint(m.getRejectHint())
                .context(bytes(m.getContext()))
                .build();
    }

    /** The record of a protobuf entry. */
    public static io.jarnetes.etcd.raft.Entry fromProto(Entry e) {
        return new io.jarnetes.etcd.raft.Entry(
                EntryType.of(e.getType().getNumber()),
                e.getTerm(),
                e.getIndex(),
                bytes(e.getData()));
    }

    /** The record of a protobuf snapshot; an empty one is {@code Snapshot.EMPTY}. */
    public static io.jarnetes.etcd.raft.Snapshot fromProto(Snapshot s) {
        SnapshotMetadata at = s.getMetadata();
        if (at.getIndex() == 0) {
            return io.jarnetes.etcd.raft.Snapshot.EMPTY;
        }
        ConfState conf = at.getConfState();
        return new io.jarnetes.etcd.raft.Snapshot(
                bytes(s.getData()),
                new io.jarnetes.etcd.raft.SnapshotMetadata(
                        new io.jarnetes.etcd.raft.ConfState(
                                conf.getVotersList(),
                                conf.getLearnersList(),
                                conf.getVotersOutgoingList(),
                                conf.getLearnersNextList(),
                                conf.getAutoLeave()),
                        at.getIndex(),
                        at.getTerm()));
    }

    private static byte[] bytes(ByteString s) {
        return s.isEmpty() ? io.jarnetes.etcd.raft.Entry.NO_DATA : s.toByteArray();
    }
}
