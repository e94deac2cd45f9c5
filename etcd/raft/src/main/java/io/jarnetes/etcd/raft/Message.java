package io.jarnetes.etcd.raft;

import java.util.Arrays;
import java.util.List;

/**
 * What members say to each other (raftpb.Message). Which fields count depends on the type; the
 * others are zero or empty.
 *
 * @param to the receiver
 * @param from the sender
 * @param term the sender's term; 0 on local messages, forwarded proposals and read requests
 * @param logTerm the term of the entry at {@code index} (appends), or of the sender's last entry
 *     (votes), or of the rejected hint
 * @param index the entry before {@code entries}, the sender's last index (votes), or what is
 *     acknowledged
 * @param entries never changed after being given here
 * @param commit the sender's commit index
 * @param vote the sender's vote of {@code term}; upstream fills it nowhere but on vote requests of
 *     newer versions
 * @param snapshot {@link Snapshot#EMPTY} but on MsgSnap
 * @param reject whether a response refuses
 * @param rejectHint the last index of a follower that refused an append
 * @param context ReadIndex request, or {@code CampaignTransfer} on votes; empty for none
 */
public record Message(
        MessageType type,
        long to,
        long from,
        long term,
        long logTerm,
        long index,
        List<Entry> entries,
        long commit,
        long vote,
        Snapshot snapshot,
        boolean reject,
        long rejectHint,
        byte[] context) {

    /** A builder with everything but the type zero or empty. */
    public static Builder of(MessageType type) {
        return new Builder(type);
    }

    /** A builder that begins with the values of this message. */
    public Builder toBuilder() {
        Builder b = new Builder(type);
        b.to = to;
        b.from = from;
        b.term = term;
        b.logTerm = logTerm;
        b.index = index;
        b.entries = entries;
        b.commit = commit;
        b.vote = vote;
        b.snapshot = snapshot;
        b.reject = reject;
        b.rejectHint = rejectHint;
        b.context = context;
        return b;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Message m
                && type == m.type
                && to == m.to
                && from == m.from
                && term == m.term
                && logTerm == m.logTerm
                && index == m.index
                && commit == m.commit
                && vote == m.vote
                && reject == m.reject
                && rejectHint == m.rejectHint
                && entries.equals(m.entries)
                && snapshot.equals(m.snapshot)
                && Arrays.equals(context, m.context);
    }

    @Override
    public int hashCode() {
        return ((type.hashCode() * 31 + Long.hashCode(to)) * 31 + Long.hashCode(from)) * 31
                + Long.hashCode(term * 31 + index);
    }

    /** Makes one {@link Message}; not reusable. */
    public static final class Builder {
        private final MessageType type;
        private long to;
        private long from;
        private long term;
        private long logTerm;
        private long index;
        private List<Entry> entries = List.of();
        private long commit;
        private long vote;
        private Snapshot snapshot = Snapshot.EMPTY;
        private boolean reject;
        private long rejectHint;
        private byte[] context = Entry.NO_DATA;

        private Builder(MessageType type) {
            this.type = type;
        }

        MessageType type() {
            return type;
        }

        long from() {
            return from;
        }

        long term() {
            return term;
        }

        public Builder to(long value) {
            to = value;
            return this;
        }

        public Builder from(long value) {
            from = value;
            return this;
        }

        public Builder term(long value) {
            term = value;
            return this;
        }

        public Builder logTerm(long value) {
            logTerm = value;
            return this;
        }

        public Builder index(long value) {
            index = value;
            return this;
        }

        public Builder entries(List<Entry> value) {
            entries = value;
            return this;
        }

        public Builder commit(long value) {
            commit = value;
            return this;
        }

        public Builder vote(long value) {
            vote = value;
            return this;
        }

        public Builder snapshot(Snapshot value) {
            snapshot = value;
            return this;
        }

        public Builder reject(boolean value) {
            reject = value;
            return this;
        }

        public Builder rejectHint(long value) {
            rejectHint = value;
            return this;
        }

        public Builder context(byte[] value) {
            context = value;
            return this;
        }

        public Message build() {
            return new Message(
                    type,
                    to,
                    from,
                    term,
                    logTerm,
                    index,
                    entries,
                    commit,
                    vote,
                    snapshot,
                    reject,
                    rejectHint,
                    context);
        }
    }
}
