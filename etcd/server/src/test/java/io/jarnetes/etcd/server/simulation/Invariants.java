package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.Message;
import io.jarnetes.etcd.raft.MessageType;
import io.jarnetes.etcd.raft.Storage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must hold after every step, told by a second, deliberately simple model: all entries that
 * were ever applied by anybody, who led which term, and whom each member voted for.
 */
final class Invariants {
    private record Vote(long member, long term) {}

    private final Map<Long, Entry> applied = new HashMap<>();
    private final Set<String> commands = new HashSet<>();
    private final Map<Long, Machine> states = new HashMap<>();
    private final Map<Long, ConfState> configurations = new HashMap<>();
    private final Map<Long, Long> leaders = new HashMap<>();
    private final Map<Vote, Long> votes = new HashMap<>();
    private long highest;

    /** The highest index that anybody applied. */
    long highest() {
        return highest;
    }

    int leaderCount() {
        return leaders.size();
    }

    /** A member votes once a term, whatever crashes between. */
    void sent(Message m) {
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
    void leads(long member, long term, Storage log) {
        Long first = leaders.putIfAbsent(term, member);
        if (first != null && first != member) {
            throw new AssertionError("term " + term + " has leaders " + first + " and " + member);
        }
        if (first != null) {
            return;
        }
        for (long i = log.firstIndex(); i <= highest; i++) {
            Entry known = applied.get(i);
            long has = i <= log.lastIndex() ? log.term(i) : 0;
            if (known != null && has != known.term()) {
                throw new AssertionError(
                        "the leader of term "
                                + term
                                + ", "
                                + member
                                + ", has term "
                                + has
                                + " where "
                                + known
                                + " was committed");
            }
        }
    }

    /** State-machine safety: the same entry at an index everywhere, each command once. */
    void applies(long member, Entry e, String command) {
        Entry first = applied.putIfAbsent(e.index(), e);
        if (first != null) {
            if (!first.equals(e)) {
                throw new AssertionError(member + " applies " + e + ", another " + first);
            }
            return;
        }
        if (e.index() > highest + 1) {
            throw new AssertionError(member + " applies " + e + " after " + highest);
        }
        highest = Math.max(highest, e.index());
        if (e.type() == EntryType.NORMAL && !command.isEmpty() && !commands.add(command)) {
            throw new AssertionError("command " + command + " is applied twice");
        }
    }

    /** The same state at an index everywhere. */
    void reaches(long member, Machine state) {
        Machine first = states.get(state.index());
        if (first == null) {
            states.put(state.index(), state.copy());
        } else if (!first.equals(state)) {
            throw new AssertionError(member + " has another state at " + state.index());
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

    /** Log matching: an entry of the same (term, index) is the same, and so is all before it. */
    void match(Iterable<? extends Storage> logs) {
        Map<Long, Entry> seen = new HashMap<>();
        for (Storage log : logs) {
            long before = 0;
            long i = log.firstIndex() - 1;
            for (Entry e : entries(log)) {
                i++;
                if (e.index() != i || e.term() < before) {
                    throw new AssertionError("entry " + e + " at " + i + " after term " + before);
                }
                before = e.term();
                Entry other = seen.putIfAbsent(e.term() << 32 | i, e);
                if (other != null && !other.equals(e)) {
                    throw new AssertionError("two entries: " + e + " and " + other);
                }
            }
        }
    }

    private static List<Entry> entries(Storage log) {
        return log.firstIndex() > log.lastIndex()
                ? List.of()
                : log.entries(log.firstIndex(), log.lastIndex() + 1, Long.MAX_VALUE);
    }
}
