package io.jarnetes.etcd.storage.bbolt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The freelist against sets of pages: after each begin, exactly those are free that neither the
 * newest version nor one that is read can reach.
 */
final class FreelistModelTest {
    private static final int TRANSACTIONS = 300;
    private static final int FIRST_PAGE = 2;
    private static final int LONGEST_RUN = 6;

    /** A run of pages that belong together. */
    private record Run(long first, int pages) {
        void mark(BitSet pages) {
            pages.set((int) first, (int) first + this.pages);
        }
    }

    private static final class Model {
        private final Random random;
        private final Freelist freelist = new Freelist();
        // What each version that is read, or is the newest, is made of.
        private final TreeMap<Long, List<Run>> versions = new TreeMap<>();
        private final Map<Long, Integer> readers = new HashMap<>();
        private long newest;
        private int highWater;

        Model(Random random) {
            this.random = random;
            highWater = FIRST_PAGE + random.nextInt(100);
            for (int page = FIRST_PAGE; page < highWater; page++) {
                freelist.addFree(page);
            }
            versions.put(newest, List.of());
        }

        private BitSet reached() {
            BitSet reached = new BitSet();
            versions.values().forEach(runs -> runs.forEach(run -> run.mark(reached)));
            return reached;
        }

        private long[] held() {
            return readers.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
        }

        private BitSet notReached() {
            BitSet free = new BitSet();
            free.set(FIRST_PAGE, highWater);
            free.andNot(reached());
            return free;
        }

        private List<Run> newestRuns() {
            return versions.getOrDefault(newest, List.of());
        }

        void transaction() {
            freelist.begin(newest + 1, held());
            assertThat(freelist.freeCount()).isEqualTo(notReached().cardinality());
            BitSet forbidden = reached();
            // A transaction gives up only what was there when it began: pages come at its end.
            List<Run> kept = new ArrayList<>(newestRuns());
            List<Run> next = new ArrayList<>();
            int before = highWater;
            for (int changes = random.nextInt(12); changes > 0; changes--) {
                if (!kept.isEmpty() && random.nextInt(5) < 2) {
                    Run gone = kept.remove(random.nextInt(kept.size()));
                    freelist.free(gone.first(), gone.pages());
                } else {
                    next.add(allocate(1 + random.nextInt(LONGEST_RUN), forbidden));
                }
            }
            next.addAll(kept);
            if (random.nextInt(4) == 0) {
                freelist.rollback();
                // What was taken from above is not there after all.
                highWater = before;
            } else {
                freelist.commit();
                commit(next);
            }
        }

        private Run allocate(int pages, BitSet forbidden) {
            long first = freelist.allocate(pages);
            if (first == 0) {
                first = highWater;
                highWater += pages;
                freelist.grew(first, pages);
            }
            Run run = new Run(first, pages);
            BitSet taken = new BitSet();
            run.mark(taken);
            assertThat(taken.intersects(forbidden)).as("%s is still in use", run).isFalse();
            run.mark(forbidden);
            return run;
        }

        private void commit(List<Run> next) {
            long old = newest;
            newest++;
            versions.put(newest, next);
            if (!readers.containsKey(old)) {
                versions.remove(old);
            }
        }

        void read() {
            readers.merge(newest, 1, Integer::sum);
        }

        void endRead() {
            List<Long> all = List.copyOf(readers.keySet());
            if (!all.isEmpty()) {
                long version = all.get(random.nextInt(all.size()));
                readers.computeIfPresent(version, (v, count) -> count == 1 ? null : count - 1);
                if (!readers.containsKey(version) && version != newest) {
                    versions.remove(version);
                }
            }
        }

        /** What is given back once nobody reads; what is listed as free on the way covers it. */
        void finish() {
            BitSet inUse = new BitSet();
            newestRuns().forEach(run -> run.mark(inUse));
            BitSet all = freelist.freeAndPending(false);
            assertThat(all.intersects(inUse)).isFalse();
            all.or(inUse);
            assertThat(all.cardinality()).isEqualTo(highWater - FIRST_PAGE);
            while (!readers.isEmpty()) {
                endRead();
            }
            freelist.begin(newest + 1, held());
            assertThat(freelist.freeCount())
                    .isEqualTo(highWater - FIRST_PAGE - inUse.cardinality());
            assertThat(freelist.pendingCount()).isZero();
            freelist.rollback();
        }
    }

    @TestFactory
    Stream<DynamicTest> nothingIsGivenOutTooEarlyNorKeptTooLong() {
        return Seeds.of(
                40,
                seed -> {
                    Random random = new Random(seed);
                    Model model = new Model(random);
                    for (int i = 0; i < TRANSACTIONS; i++) {
                        switch (random.nextInt(6)) {
                            case 0 -> model.read();
                            case 1 -> model.endRead();
                            default -> model.transaction();
                        }
                    }
                    model.finish();
                });
    }
}
