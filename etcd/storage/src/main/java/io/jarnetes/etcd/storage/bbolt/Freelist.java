package io.jarnetes.etcd.storage.bbolt;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Which pages may be used again, one bit a page, and which only once older readers are gone.
 *
 * <p>A page that transaction {@code a} wrote and transaction {@code f} freed is part of the
 * versions {@code a} to {@code f - 1}. It is given out again as soon as no reader holds one of
 * these, even if there are older readers: so a long snapshot does not keep all that is written
 * meanwhile.
 *
 * <p>Threads: the writer's alone.
 */
final class Freelist {
    private static final int LONGEST_RUN_SEARCH = 4096;

    private final BitSet free = new BitSet();
    private int freeCount;
    private int pendingCount;
    private int cursor;

    private final ArrayDeque<Freed> pending = new ArrayDeque<>();
    // Who wrote a run, by its first page; a run not named here is older than every reader.
    private final Map<Long, Long> writers = new HashMap<>();
    private final ArrayDeque<Written> written = new ArrayDeque<>();
    private List<long[]> allocated = new ArrayList<>();
    private Freed freed = new Freed(0, new ArrayList<>(), Integer.MAX_VALUE);

    /** Runs {first page, pages, writer} that one transaction freed. */
    private record Freed(long txid, List<long[]> runs, int readersBefore) {}

    /** First pages of the runs that one transaction wrote. */
    private record Written(long txid, List<long[]> runs) {}

    void addFree(long page) {
        free.set(Math.toIntExact(page));
        freeCount++;
    }

    int freeCount() {
        return freeCount;
    }

    int pendingCount() {
        return pendingCount;
    }

    /** Starts a transaction: frees what no reader can reach, and looks for a long run. */
    void begin(long txid, long[] readers) {
        release(readers);
        long oldest = readers.length == 0 ? txid - 1 : readers[0];
        while (!written.isEmpty() && written.getFirst().txid() <= oldest) {
            Written group = written.removeFirst();
            for (long[] run : group.runs()) {
                writers.remove(run[0], group.txid());
            }
        }
        allocated = new ArrayList<>();
        freed = new Freed(txid, new ArrayList<>(), Integer.MAX_VALUE);
        cursor = startOfLongestRun();
    }

    private void release(long[] readers) {
        List<Freed> kept = new ArrayList<>();
        for (Iterator<Freed> i = pending.iterator(); i.hasNext(); ) {
            Freed group = i.next();
            int before = countBefore(readers, group.txid());
            // The readers of old versions only get fewer: nothing to see while none has gone.
            if (before < group.readersBefore()) {
                i.remove();
                List<long[]> blocked = new ArrayList<>();
                for (long[] run : group.runs()) {
                    if (before > 0 && reachable(readers, run[2], group.txid())) {
                        blocked.add(run);
                    } else {
                        giveBack(run);
                        pendingCount -= (int) run[1];
                    }
                }
                if (!blocked.isEmpty()) {
                    kept.add(new Freed(group.txid(), blocked, before));
                }
            } else {
                i.remove();
                kept.add(group);
            }
        }
        pending.addAll(kept);
    }

    private static int countBefore(long[] readers, long txid) {
        int count = 0;
        while (count < readers.length && readers[count] < txid) {
            count++;
        }
        return count;
    }

    /** Whether a reader holds one of the versions {@code writer} to {@code freedBy - 1}. */
    static boolean reachable(long[] readers, long writer, long freedBy) {
        for (long reader : readers) {
            if (reader >= writer && reader < freedBy) {
                return true;
            }
        }
        return false;
    }

    private void giveBack(long[] run) {
        free.set((int) run[0], (int) (run[0] + run[1]));
        freeCount += (int) run[1];
    }

    private int startOfLongestRun() {
        int best = 0;
        int longest = 0;
        int at = free.nextSetBit(0);
        for (int seen = 0; at >= 0 && seen < LONGEST_RUN_SEARCH; seen++) {
            int end = free.nextClearBit(at);
            if (end - at > longest) {
                longest = end - at;
                best = at;
            }
            at = free.nextSetBit(end);
        }
        return best;
    }

    /** The first of {@code pages} free pages in a row; 0 when there are none. */
    long allocate(int pages) {
        int start = find(pages, cursor);
        if (start < 0) {
            start = find(pages, 0);
        }
        if (start < 0) {
            return 0;
        }
        free.clear(start, start + pages);
        freeCount -= pages;
        cursor = start + pages;
        allocated.add(new long[] {start, pages});
        return start;
    }

    private int find(int pages, int from) {
        int start = free.nextSetBit(from);
        while (start >= 0) {
            int end = free.nextClearBit(start);
            if (end - start >= pages) {
                return start;
            }
            start = free.nextSetBit(end);
        }
        return -1;
    }

    /** Tells of pages taken from above the high-water mark. */
    void grew(long first, int pages) {
        allocated.add(new long[] {first, pages, 1});
    }

    /** Gives up a run; it stays as it is until no version that has it is read. */
    void free(long first, int pages) {
        freed.runs().add(new long[] {first, pages, writers.getOrDefault(first, 0L)});
    }

    /** The transaction is durable. */
    void commit() {
        for (long[] run : allocated) {
            writers.put(run[0], freed.txid());
        }
        written.add(new Written(freed.txid(), allocated));
        for (long[] run : freed.runs()) {
            pendingCount += (int) run[1];
        }
        pending.add(freed);
    }

    /** The transaction is void. */
    void rollback() {
        for (long[] run : allocated) {
            if (run.length == 2) {
                giveBack(run);
            }
        }
        allocated = new ArrayList<>();
    }

    /** All that will be free once the readers and the present transaction are done. */
    BitSet freeAndPending(boolean withPresent) {
        BitSet all = (BitSet) free.clone();
        pending.forEach(group -> group.runs().forEach(run -> mark(all, run)));
        if (withPresent) {
            freed.runs().forEach(run -> mark(all, run));
        }
        return all;
    }

    private static void mark(BitSet all, long[] run) {
        all.set((int) run[0], (int) (run[0] + run[1]));
    }
}
