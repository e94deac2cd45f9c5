package io.jarnetes.etcd.raft;

import java.util.ArrayList;
import java.util.List;

/** Messages that wait for the next {@link Ready}. */
final class Outbox {
    private final Raft raft;
    private List<Message> messages = new ArrayList<>();
    private List<Message> afterSync = new ArrayList<>();

    Outbox(Raft raft) {
        this.raft = raft;
    }

    /**
     * Queues a message of this member's term. Proposals and read requests carry none, as they are
     * meant for whoever leads.
     */
    void send(Message.Builder builder) {
        MessageType type = builder.type();
        boolean vote =
                switch (type) {
                    case MSG_VOTE, MSG_VOTE_RESP, MSG_PRE_VOTE, MSG_PRE_VOTE_RESP -> true;
                    default -> false;
                };
        boolean forLeader = type == MessageType.MSG_PROP || type == MessageType.MSG_READ_INDEX;
        if (vote == (builder.term() == 0)) {
            throw new IllegalStateException("term " + builder.term() + " when sending " + type);
        }
        if (!vote && !forLeader) {
            builder.term(raft.term);
        }
        if (builder.from() == Ids.NONE) {
            builder.from(raft.id);
        }
        queue(builder.build());
    }

    /**
     * Answers to appends and votes promise that the entries, or the vote, survive a crash (thesis
     * §3.8), so they wait for the disk; refusals too, as they may rest on what isn't written yet.
     */
    private void queue(Message m) {
        switch (m.type()) {
            case MSG_APP_RESP, MSG_VOTE_RESP, MSG_PRE_VOTE_RESP -> afterSync.add(m);
            default -> {
                if (m.to() == raft.id) {
                    throw new IllegalStateException("self-addressed " + m.type());
                }
                messages.add(m);
            }
        }
    }

    boolean isEmpty() {
        return messages.isEmpty() && afterSync.isEmpty();
    }

    List<Message> takeMessages() {
        List<Message> taken = messages;
        messages = new ArrayList<>();
        return taken;
    }

    List<Message> takeAfterSync() {
        List<Message> taken = afterSync;
        afterSync = new ArrayList<>();
        return taken;
    }
}
