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
    private final LogChains chains;

    /** By index from 1: what is committed there, null for no command, and what comes of it. */
    private final List<@Nullable Command> log = new ArrayList<>();

    private final List<Outcome> outcomes = new ArrayList<>();

    /** By index: the chain of the log up to there, and the state after it. */
    private final Longs committed = new Longs();

    private final Longs states = new Longs();

    /** By index: a term in which it was known to be committed, or the highest of those before. */
    private final Longs knownIn = new Longs();

    private final BitSet commands = new BitSet();
    private final TreeMap<Long, ConfState> configurations = new TreeMap<>();

    /** The configuration of the highest index at which anybody has applied one. */
    private ConfState newest;

    /** The last of the entries with which every founder begins. */
    private final long founding;

    private final Map<Long, Long> leaders = new HashMap<>();
    private final Map<Vote, Long> votes = new HashMap<>();

    /** The highest index that anybody knew to be committed. */
    private long highest;

    /**
     * @param founders the first voters
     */
    Invariants(Trace trace, Tally tally, ConfState founders) {
        this.trace = trace;
        this.newest = founders;
        this.founding = founders.voters().size();
        chains = new LogChains(tally);
    }

    LogChains chains() {
        return chains;
    }

    Model model() {
        return model;
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
     * State-machine safety: whoever knows an entry to be committed has the same log up to there, as
     * soon as he knows; and each command is in it once.
     *
     * @param term the member's
     */
    void commits(long member, long term, Entry e, LogChains.Log chain) {
        long index = e.index();
        long hash = chain.chainAt(index);
        if (index > highest + 1 || hash == 0) {
            throw new AssertionError(
                    member
                            + " commits "
                            + e
                            + " after "
                            + highest
                            + ", its log ends "
                            + chain.last());
        }
        if (index == highest + 1) {
            highest = index;
            committed.set(index, hash);
            knownIn.set(index, Math.max(term, knownIn.get(index - 1)));
            Command command = Command.of(e);
            log.add(command);
            outcomes.add(first(index, command));
            states.set(index, model.stateHash());
            trace.add(model.stateHash());
        } else if (committed.get(index) != hash) {
            throw new AssertionError(member + " commits " + e + ", another something else");
        }
    }

    /**
     * Leader completeness, before there is a leader: nobody who lacks something that is committed
     * could win an election with what everybody has on disk now. To be asked when more is
     * committed, and when somebody finds less on his disk than he had.
     */
    void nobodyElectableLacksAnything() {
        if (highest <= founding) {
            return; // Founders bring these themselves.
        }
        long hash = committed.get(highest);
        for (LogChains.Log candidate : chains.logs()) {
            if (candidate.chainAt(highest) != hash
                    && wins(candidate, newest.voters())
                    && wins(candidate, newest.votersOutgoing())) {
                throw new AssertionError(
                        candidate.member()
                                + " could be elected by the logs as they are, and lacks some of"
                                + " what is committed up to "
                                + highest
                                + "; its log ends at "
                                + candidate.last());
            }
        }
    }

    private boolean wins(LogChains.Log candidate, List<Long> voters) {
        int granted = 0;
        for (int i = 0; i < voters.size(); i++) {
            LogChains.Log voter = chains.of(voters.get(i));
            granted += voter == null || voter.grants(candidate) ? 1 : 0;
        }
        return voters.isEmpty() || granted > voters.size() / 2;
    }

    /** What is committed at an index, null if it is no command. */
    @Nullable Command command(long index) {
        return log.get((int) index - 1);
    }

    /** What comes of what is committed at an index. */
    Outcome outcome(long index) {
        return outcomes.get((int) index - 1);
    }

    private Outcome first(long index, @Nullable Command command) {
        if (command == null) {
            return new Outcome(model.revision(), false);
        }
        if (commands.get(command.id())) {
            throw new AssertionError("command " + command + " is committed again at " + index);
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

    /** The same configuration at an index everywhere; true for the first who has it. */
    boolean configures(long member, long index, ConfState conf) {
        ConfState first = configurations.putIfAbsent(index, conf);
        if (first != null && !first.equals(conf)) {
            throw new AssertionError(
                    member + " has at " + index + " " + conf + ", another " + first);
        }
        if (first == null && configurations.lastKey() == index) {
            newest = conf;
        }
        return first == null;
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
