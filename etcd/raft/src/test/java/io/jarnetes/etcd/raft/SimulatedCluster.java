package io.jarnetes.etcd.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A cluster whose network and crashes come from one seed. After every step the promises of Raft are
 * checked against a deliberately simple model: a map of all entries that were ever committed, and
 * who led which term.
 */
final class SimulatedCluster {
    private static final int INITIAL_VOTERS = 3;
    private static final int IDS = 5;

    /** A message on its way; it arrives at a random later step, maybe never, maybe twice. */
    private final List<Message> wire = new ArrayList<>();

    private final Random random;
    private final Odds odds;
    private final int lossPercent;
    private final long slowClock;
    private final SortedMap<Long, SimulatedMember> members = new TreeMap<>();
    private final Map<Long, Entry> committed = new HashMap<>();
    private final Map<Long, Long> leaders = new HashMap<>();
    private final Map<String, Long> readsAskedAt = new HashMap<>();
    private final TreeSet<Long> cut = new TreeSet<>();
    private long highestCommitted = SimulatedMember.BEGIN;
    private int counter;
    private int readsAnswered;

    SimulatedCluster(long seed) {
        random = new Random(seed);
        odds = new Odds(random);
        lossPercent = random.nextInt(20);
        slowClock = random.nextInt(INITIAL_VOTERS + 1);
        boolean checkQuorum = random.nextInt(3) > 0;
        boolean preVote = random.nextBoolean();
        List<Long> voters = new ArrayList<>();
        for (long id = 1; id <= INITIAL_VOTERS; id++) {
            voters.add(id);
        }
        for (long id = 1; id <= IDS; id++) {
            ConfState conf = id <= INITIAL_VOTERS ? ConfState.ofVoters(voters) : ConfState.EMPTY;
            members.put(id, new SimulatedMember(id, conf, random, checkQuorum, preVote));
        }
    }

    /** One random event, then the checks. */
    void step() {
        SimulatedMember m = anyone();
        switch (odds.draw(random)) {
            case DELIVER -> deliverOne();
            case TICK -> skewed(m).node().tick();
            case TAKE -> m.take(wire);
            case STORE -> m.store(wire);
            case APPLY -> m.applySome();
            case PROPOSE -> propose(m);
            case READ -> read(m);
            case CHANGE_MEMBERS -> changeMembers(m);
            case CRASH -> m.crash();
            case COMPACT -> m.compact();
            case TRANSFER -> m.node().transferLeadership(1 + random.nextInt(IDS));
            case UNREACHABLE -> m.node().reportUnreachable(1 + random.nextInt(IDS));
            case CUT -> cut.add(m.id());
            case HEAL -> cut.clear();
        }
        check();
    }

    private SimulatedMember anyone() {
        return member(1 + random.nextInt(IDS));
    }

    /** In some clusters a clock runs slow: most of its ticks go to another. */
    private SimulatedMember skewed(SimulatedMember m) {
        return m.id() == slowClock && random.nextInt(8) != 0 ? anyone() : m;
    }

    private SimulatedMember member(long id) {
        SimulatedMember m = members.get(id);
        if (m == null) {
            throw new IllegalStateException("no member " + id);
        }
        return m;
    }

    private void propose(SimulatedMember m) {
        try {
            m.node().propose(("v" + counter++).getBytes(UTF_8));
        } catch (ProposalDroppedException e) {
            // No leader: nothing was promised.
        }
    }

    private void read(SimulatedMember m) {
        String context = m.id() + "-" + counter++;
        readsAskedAt.put(context, highestCommitted);
        m.node().readIndex(context.getBytes(UTF_8));
    }

    private void changeMembers(SimulatedMember m) {
        ConfChangeType type =
                switch (random.nextInt(3)) {
                    case 0 -> ConfChangeType.ADD_LEARNER_NODE;
                    case 1 -> ConfChangeType.REMOVE_NODE;
                    default -> ConfChangeType.ADD_NODE;
                };
        long id = 1 + random.nextInt(IDS);
        // Like the driver: never the last two voters, never a voter turned into a learner.
        ConfState now = m.node().confState();
        if (type != ConfChangeType.ADD_NODE && now.voters().contains(id)) {
            if (type == ConfChangeType.ADD_LEARNER_NODE || now.voters().size() <= 2) {
                return;
            }
        }
        try {
            m.node().proposeConfChange(new ConfChange(counter++, type, id, Entry.NO_DATA));
        } catch (ProposalDroppedException e) {
            // As above.
        }
    }

    private void deliverOne() {
        if (wire.isEmpty()) {
            return;
        }
        int at = random.nextInt(Math.min(wire.size(), 20));
        Message m = wire.get(at);
        int fate = random.nextInt(100);
        if (fate >= 5) {
            wire.remove(at); // else it arrives once more
        }
        boolean lost = fate >= 100 - lossPercent || cut.contains(m.to()) || cut.contains(m.from());
        if (m.type() == MessageType.MSG_SNAP) {
            member(m.from()).node().reportSnapshot(m.to(), !lost);
        }
        if (!lost) {
            deliver(m);
        }
    }

    private void deliver(Message m) {
        try {
            member(m.to()).node().step(m);
        } catch (ProposalDroppedException | StepException e) {
            // The sender finds out by itself.
        }
    }

    // ---- what must always hold

    private void check() {
        for (SimulatedMember m : members.values()) {
            checkElectionSafety(m);
            m.takeApplied().forEach(e -> checkApplied(m, e));
            m.takeReads().forEach(this::checkRead);
        }
    }

    /** At most one leader a term; and a leader has every committed entry of earlier terms. */
    private void checkElectionSafety(SimulatedMember m) {
        if (m.node().softState().raftState() != StateType.LEADER) {
            return;
        }
        long term = m.node().hardState().term();
        Long first = leaders.putIfAbsent(term, m.id());
        if (first == null) {
            checkLeaderCompleteness(m);
        } else if (first != m.id()) {
            throw new AssertionError("term " + term + " has leaders " + first + " and " + m.id());
        }
    }

    private void checkLeaderCompleteness(SimulatedMember m) {
        for (long i = m.log().firstIndex(); i <= highestCommitted; i++) {
            Entry known = committed.get(i);
            if (known != null && m.log().termOrZero(i) != known.term()) {
                throw new AssertionError(
                        "leader "
                                + m.id()
                                + " has term "
                                + m.log().termOrZero(i)
                                + " where "
                                + known
                                + " was committed");
            }
        }
    }

    /** Everybody applies the same entry at an index. */
    private void checkApplied(SimulatedMember m, Entry e) {
        Entry first = committed.putIfAbsent(e.index(), e);
        if (first != null && !first.equals(e)) {
            throw new AssertionError(m.id() + " applied " + e + " where " + first + " was");
        }
        highestCommitted = Math.max(highestCommitted, e.index());
    }

    /** A read sees at least all that was applied anywhere when it was asked for. */
    private void checkRead(ReadState read) {
        String context = new String(read.requestContext(), UTF_8);
        Long askedAt = readsAskedAt.get(context);
        if (askedAt == null || read.index() < askedAt) {
            throw new AssertionError(
                    "read " + context + " at " + read.index() + ", asked at " + askedAt);
        }
        readsAnswered++;
    }

    /** Two logs that have the same (index, term) are the same up to there. */
    void checkLogMatching() {
        Map<String, Entry> seen = new HashMap<>();
        Map<String, Long> termBefore = new HashMap<>();
        for (SimulatedMember m : members.values()) {
            for (Entry e : m.log().entries(m.log().firstIndex(), Config.NO_LIMIT)) {
                String key = e.term() + "/" + e.index();
                Entry other = seen.putIfAbsent(key, e);
                long before = m.log().termOrZero(e.index() - 1);
                Long otherBefore = termBefore.putIfAbsent(key, before);
                if (other != null && !other.equals(e)) {
                    throw new AssertionError("two entries " + key + ": " + e + ", " + other);
                }
                if (otherBefore != null && otherBefore != before) {
                    throw new AssertionError(
                            "before " + key + ": terms " + before + " and " + otherBefore);
                }
            }
        }
    }

    /** With everybody up and the network whole a leader comes up and commits. */
    void checkProgress() {
        cut.clear();
        long target = highestCommitted;
        propose(anyone());
        for (int round = 0; round < 400; round++) {
            for (SimulatedMember m : members.values()) {
                m.node().tick();
                while (m.node().hasReady()) {
                    m.take(wire);
                }
                m.storeAll(wire);
                m.applyAll();
            }
            List<Message> now = new ArrayList<>(wire);
            wire.clear();
            for (Message m : now) {
                if (m.type() == MessageType.MSG_SNAP) {
                    member(m.from()).node().reportSnapshot(m.to(), true);
                }
                deliver(m);
            }
            if (round % 20 == 0) {
                members.values().forEach(this::propose);
            }
            check();
        }
        if (highestCommitted <= target + 2) {
            throw new AssertionError("nothing was committed after " + target);
        }
    }

    int readsAnswered() {
        return readsAnswered;
    }

    int entriesCommitted() {
        return committed.size();
    }
}
