package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What must hold after every step (Raft, figure 3). Nothing is looked through again: logs are known
 * by chained hashes ({@link LogChains}), states by the {@link Model}'s at each index.
 */
final class Invariants {
    private record Vote(long member, long term) {}

    private final Trace trace;
    private final Model model = new Model();
    private final LogChains chains = new LogChains();

    /** By index: the chain of the log up to there, the state after it, and what came of it. */
    private final Longs committed = new Longs();

    private final Longs states = new Longs();

    /** By index: a term in which it was known to be committed, or the highest of those before. */
    private final Longs knownIn = new Longs();

    private final List<Outcome> outcomes = new ArrayList<>();
    private final BitSet commands = new BitSet();
    private final TreeMap<Long, ConfState> configurations = new TreeMap<>();
    private final Map<Long, Long> leaders = new HashMap<>();
    private final Map<Vote, Long> votes = new HashMap<>();
    private long highest;

    Invariants(Trace trace) {
        this.trace = trace;
    }

    LogChains chains() {
        return chains;
    }

    Model model() {
        return model;
    }

    /** The highest index that anybody applied. */
    long highest() {
        return highest;
    }

    int leaderCount() {
        return leaders.size();
    }

    /** A member votes once a term, whatever crashes between. */
    void sent(Message m) {
        trace.add(Trace.mix(m.type().ordinal(), m.from() << 32 | m.to()));
        trace.add(Trace.mix(m.term(), m.index() << 20 | m.commit()));
        if (m.type() == MessageType.MSG_VOTE_RESP && !m.reject()) {
            Long first = votes.putIfAbsent(new Vote(m.from(), m.term()), m.to());
            if (first != null && first != m.to()) {
                throw new AssertionError(
                        m.from()
                                + " voted for "
                                + first
                                + " and "
                                + m.to()
                                + " in term "
                                + m.term());
            }
        }
    }

    /** Election safety and leader completeness. */
    void leads(long member, long term, LogChains.Log log) {
        Long first = leaders.putIfAbsent(term, member);
        if (first != null && first != member) {
            throw new AssertionError("term " + term + " has leaders " + first + " and " + member);
        }
        if (first != null) {
            return;
        }
        // One may win an old term late: it need not have what was committed in later ones.
        long upTo = highest;
        while (upTo > 0 && knownIn.get(upTo) >= term) {
            upTo--;
        }
        // Equal chains at an index are equal logs up to there.
        if (upTo > 0 && log.chainAt(upTo) != committed.get(upTo)) {
            throw new AssertionError(
                    "the leader of term "
                            + term
                            + ", "
                            + member
                            + ", lacks some of what was committed up to "
                            + upTo
                            + "; its log ends at "
                            + log.last());
        }
    }

    /**
     * State-machine safety: the same log up to an index that is applied, each command once.
     *
     * @param term the member's
     */
    Outcome applies(long member, long term, Entry e, @Nullable Command command, LogChains.Log log) {
        long index = e.index();
        long chain = log.chainAt(index);
        if (index > highest + 1 || chain == 0) {
            throw new AssertionError(
                    member
                            + " applies "
                            + e
                            + " after "
                            + highest
                            + ", its log ends "
                            + log.last());
        }
        if (index == highest + 1) {
            highest = index;
            committed.set(index, chain);
            knownIn.set(index, Math.max(term, knownIn.get(index - 1)));
            Outcome outcome = first(index, command);
            outcomes.add(outcome);
            states.set(index, model.stateHash());
            trace.add(model.stateHash());
        } else if (committed.get(index) != chain) {
            throw new AssertionError(member + " applies " + e + ", another something else");
        }
        return outcomes.get((int) index - 1);
    }

    private Outcome first(long index, @Nullable Command command) {
        if (command == null) {
            return new Outcome(model.revision(), false);
        }
        if (commands.get(command.id())) {
            throw new AssertionError("command " + command + " is applied again at " + index);
        }
        commands.set(command.id());
        return model.apply(command);
    }

    /** The same state at an index everywhere. */
    void reaches(long member, long index, long state) {
        if (states.get(index) != state) {
            throw new AssertionError(member + " has another state than the model at " + index);
        }
    }

    /** The same configuration at an index everywhere. */
    void configures(long member, long index, ConfState conf) {
        ConfState first = configurations.putIfAbsent(index, conf);
        if (first != null && !first.equals(conf)) {
            throw new AssertionError(
                    member + " has at " + index + " " + conf + ", another " + first);
        }
    }

    /** A snapshot has the configuration of its index. */
    void configuredBy(long member, long index, ConfState conf) {
        Map.Entry<Long, ConfState> last = configurations.floorEntry(index);
        if (last != null && !last.getValue().equals(conf)) {
            throw new AssertionError(
                    member
                            + " has a snapshot at "
                            + index
                            + " with "
                            + conf
                            + "; at "
                            + last.getKey()
                            + " it became "
                            + last.getValue());
        }
    }
}
