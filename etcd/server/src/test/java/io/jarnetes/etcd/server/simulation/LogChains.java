package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.Storage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Log matching, at the price of one hash an entry: each entry of a log is known by a hash of it and
 * of the one before, so that equal hashes are equal logs up to there. Whatever entry anybody has at
 * an index and term, its hash is the first one's.
 */
final class LogChains {
    private record Place(long index, long term) {}

    /** By index: the term and the hash of the first entry that anybody had there. */
    private final Longs firstTerms = new Longs();

    private final Longs firstHashes = new Longs();

    /** Hashes of entries of other terms. */
    private final Map<Place, Long> others = new HashMap<>();

    private final List<Log> logs = new ArrayList<>();
    private final Tally tally;

    LogChains(Tally tally) {
        this.tally = tally;
    }

    /** The log of one member in one of its lives. */
    final class Log {
        private final long member;
        private final Longs chain = new Longs();
        private final Longs terms = new Longs();
        private long last;

        private Log(long member) {
            this.member = member;
        }

        /** The hash of the log up to {@code index}, 0 if it isn't there or was compacted. */
        long chainAt(long index) {
            return index > last ? 0 : chain.get(index);
        }

        /** The term of the entry at an index that it has. */
        long termAt(long index) {
            return terms.get(index);
        }

        /** Whether it would vote for who has the other log (Raft §5.4.1). */
        boolean grants(Log other) {
            long mine = termAt(last);
            long others = other.termAt(other.last);
            return others > mine || (others == mine && other.last >= last);
        }

        long member() {
            return member;
        }

        long last() {
            return last;
        }

        /** The log begins anew behind a snapshot. */
        void reset(long index, long term) {
            long at = index == 0 ? 1 : known(index, term);
            if (at == 0) {
                throw new AssertionError(
                        member + " has a snapshot at " + index + ", term " + term + ": unheard of");
            }
            // What it had behind the snapshot stays if it had the snapshot's entry.
            if (chainAt(index) != at) {
                last = index;
            }
            chain.set(index, at);
            terms.set(index, term);
        }

        void append(List<Entry> entries) {
            for (Entry e : entries) {
                long index = e.index();
                long before = chain.get(index - 1);
                if (index > last + 1 || before == 0 || e.term() < terms.get(index - 1)) {
                    throw new AssertionError(
                            member + " appends " + e + " to a log that ends at " + last);
                }
                long hash = Trace.mix(before, Trace.of(e)) | 1;
                if (putIfAbsent(index, e.term(), hash) != hash) {
                    throw new AssertionError(
                            member + " has " + e + ", another has something else there or before");
                }
                if (index <= last && chain.get(index) != hash) {
                    tally.count(Happening.ENTRIES_REPLACED);
                }
                chain.set(index, hash);
                terms.set(index, e.term());
                last = index;
            }
        }
    }

    /** The hash of what is known at a place, 0 if nobody has had anything there. */
    private long known(long index, long term) {
        return firstTerms.get(index) == term
                ? firstHashes.get(index)
                : others.getOrDefault(new Place(index, term), 0L);
    }

    /** The hash that is known at a place, now if not before. */
    private long putIfAbsent(long index, long term, long hash) {
        if (firstHashes.get(index) == 0) {
            firstTerms.set(index, term);
            firstHashes.set(index, hash);
        }
        if (firstTerms.get(index) == term) {
            return firstHashes.get(index);
        }
        Long first = others.putIfAbsent(new Place(index, term), hash);
        return first == null ? hash : first;
    }

    /** What each member has on its disk for certain; those that are down, too. */
    List<Log> logs() {
        return logs;
    }

    /** The log of a member, null if it never started. */
    @Nullable Log of(long member) {
        for (Log log : logs) {
            if (log.member == member) {
                return log;
            }
        }
        return null;
    }

    /** The log that a member finds at its start. */
    Log open(long member, Storage storage) {
        Log log = new Log(member);
        long before = storage.firstIndex() - 1;
        logs.removeIf(old -> old.member == member);
        logs.add(log);
        log.reset(before, before == 0 ? 0 : storage.term(before));
        if (storage.lastIndex() > before) {
            log.append(storage.entries(before + 1, storage.lastIndex() + 1, Long.MAX_VALUE));
        }
        return log;
    }
}
