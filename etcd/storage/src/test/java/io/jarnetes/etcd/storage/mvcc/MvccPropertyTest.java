package io.jarnetes.etcd.storage.mvcc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import io.jarnetes.etcd.storage.lease.Lessor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Random requests, compactions, commits and reopenings against a model; the seed is the test's
 * name, and {@code -Dseed=N} replays one.
 */
class MvccPropertyTest {
    private static final int STEPS = 400;

    @TestFactory
    Stream<DynamicTest> seeds() {
        Long only = Long.getLong("seed");
        LongStream seeds = only == null ? LongStream.rangeClosed(1, 60) : LongStream.of(only);
        return seeds.mapToObj(seed -> dynamicTest("seed " + seed, () -> new Run(seed).run()));
    }

    private static final class Run {
        private final Random random;
        private final Model model = new Model();
        private final List<Watch> watches = new ArrayList<>();
        private MemoryFile file = new MemoryFile();
        private Backend backend = Backend.over(file, BackendOptions.defaults());
        private Mvcc store = open();
        // A second member: it gets the same requests, but removes what is compacted when it likes.
        private final Backend otherBackend =
                Backend.over(new MemoryFile(), BackendOptions.defaults());
        private final Mvcc other = Mvcc.open(otherBackend, Lessor.open(otherBackend, 1, () -> 0));
        private final List<Consumer<Mvcc>> log = new ArrayList<>();
        private long compacted = -1;

        Run(long seed) {
            random = new Random(seed);
        }

        private Mvcc open() {
            return Mvcc.open(backend, Lessor.open(backend, 1, () -> 0));
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                step();
            }
            settle(store, backend);
            checkWatches();
            checkAllReads();
            reopen();
            checkAllReads();
            settle(store, backend);
            settle(other, otherBackend);
            assertThat(Stored.revisions(backend)).isEqualTo(Stored.revisions(otherBackend));
        }

        private void step() {
            switch (random.nextInt(16)) {
                case 0 -> compact();
                case 1 -> backend.commit();
                case 2 -> store.compactStep();
                case 3 -> other.compactStep();
                case 4 -> otherBackend.commit();
                case 5 -> watch();
                case 6 -> store.syncWatchers();
                case 7 -> checkRead();
                case 8 -> checkHash();
                case 9 -> {
                    if (random.nextInt(10) == 0) {
                        reopen();
                    }
                }
                default -> change();
            }
        }

        private byte[] key() {
            return ("k" + random.nextInt(12)).getBytes(UTF_8);
        }

        private KeyRange range() {
            return switch (random.nextInt(4)) {
                case 0 -> KeyRange.all();
                case 1 -> KeyRange.of(key(), new byte[] {0});
                case 2 -> {
                    KeyRange range = KeyRange.of(key(), key());
                    yield range.empty() ? KeyRange.of(range.key()) : range;
                }
                default -> KeyRange.of(key());
            };
        }

        /** Applies the next entry here and on the other member. */
        private void apply(Consumer<Mvcc> entry) {
            log.add(entry);
            entry.accept(store);
            backend.applied(log.size(), 1);
            entry.accept(other);
        }

        private void change() {
            int changes = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 1;
            Set<String> used = new HashSet<>();
            List<Consumer<WriteTxn>> request = new ArrayList<>();
            Model.Txn expected = model.txn();
            for (int i = 0; i < changes; i++) {
                byte[] key = key();
                // etcd refuses a request that changes a key twice.
                if (used.add(new String(key, UTF_8))) {
                    request.add(oneChange(key, expected));
                }
            }
            expected.end();
            apply(member -> {
                try (WriteTxn txn = member.write()) {
                    request.forEach(change -> change.accept(txn));
                }
            });
            assertThat(store.revision()).isEqualTo(model.revision());
            assertThat(other.revision()).isEqualTo(model.revision());
        }

        private Consumer<WriteTxn> oneChange(byte[] key, Model.Txn expected) {
            if (random.nextInt(3) == 0) {
                long deleted = expected.deleteRange(KeyRange.of(key));
                return txn ->
                        assertThat(txn.deleteRange(KeyRange.of(key)).deleted()).isEqualTo(deleted);
            }
            byte[] value = ("v" + random.nextInt(1000)).getBytes(UTF_8);
            expected.put(key, value, 0);
            return txn -> txn.put(key, value, 0);
        }

        private void compact() {
            if (random.nextInt(3) != 0 || compacted >= model.revision()) {
                return;
            }
            long low = Math.max(1, compacted + 1);
            compacted = low + random.nextLong(model.revision() - low + 1);
            long revision = compacted;
            apply(member -> member.compact(revision));
        }

        private void reopen() {
            if (random.nextBoolean()) {
                backend.commit();
            }
            checkWatches();
            watches.clear();
            file = file.copy();
            backend = Backend.over(file, BackendOptions.defaults());
            store = open();
            assertThat(store.check()).isEmpty();
            for (int i = (int) backend.consistentIndex(); i < log.size(); i++) {
                log.get(i).accept(store);
                backend.applied(i + 1L, 1);
            }
            assertThat(store.revision()).isEqualTo(model.revision());
            assertThat(store.compactRevision()).isEqualTo(compacted);
        }

        private static void settle(Mvcc store, Backend backend) {
            do {
                backend.commit();
            } while (store.compactStep());
            backend.commit();
        }

        private void checkRead() {
            long low = Math.max(1, compacted);
            long at = low + random.nextLong(model.revision() - low + 1);
            KeyRange range = range();
            RangeResult found = store.range(range, RangeOptions.at(at));
            List<KeyValue> expected = model.range(range, at);
            assertThat(found.kvs()).as("%s at %s", range, at).isEqualTo(expected);
            assertThat(found.count()).isEqualTo(expected.size());
            assertThat(store.range(range, new RangeOptions(0, at, true, false)).count())
                    .isEqualTo(expected.size());
        }

        private void checkAllReads() {
            assertThat(store.check()).isEmpty();
            for (long at = Math.max(1, compacted); at <= model.revision(); at++) {
                assertThat(store.range(KeyRange.all(), RangeOptions.at(at)).kvs())
                        .as("all at %s", at)
                        .isEqualTo(model.range(KeyRange.all(), at));
            }
        }

        private void checkHash() {
            long low = Math.max(1, compacted);
            long at = low + random.nextLong(model.revision() - low + 1);
            if (model.at(at).isEmpty()) {
                // Upstream hashes what is not removed yet when no key is left.
                return;
            }
            KeyValueHash hash = store.hashByRev(at);
            KeyValueHash otherHash = other.hashByRev(at);
            // A finished compaction remembers the hash of what was there before it; members compare
            // hashes of the same compact revision alone.
            if (hash.compactRevision() == otherHash.compactRevision()) {
                assertThat(hash).as("hash at %s", at).isEqualTo(otherHash);
            }
        }

        private void watch() {
            long low = Math.max(1, compacted);
            long from = random.nextInt(3) == 0 ? 0 : low + random.nextLong(model.revision());
            KeyRange range = range();
            Watch watch =
                    new Watch(range, from == 0 ? model.revision() + 1 : from, new Random(from));
            store.newWatchStream(watch::offer).watch(0, range, from, Set.of());
            watches.add(watch);
        }

        private void checkWatches() {
            for (Watch watch : watches) {
                watch.willing = true;
            }
            do {
                store.syncVictims();
            } while (store.syncWatchers() || store.watcherCounts().slow() > 0);
            for (Watch watch : watches) {
                if (watch.compacted) {
                    continue;
                }
                assertThat(watch.events)
                        .as("watch of %s from %s", watch.range, watch.from)
                        .isEqualTo(model.events(watch.range, watch.from));
            }
        }
    }

    /** Collects events, and now and then has no room. */
    private static final class Watch {
        private final KeyRange range;
        private final long from;
        private final Random random;
        private final List<Event> events = new ArrayList<>();
        private boolean compacted;
        private boolean willing;

        Watch(KeyRange range, long from, Random random) {
            this.range = range;
            this.from = from;
            this.random = random;
        }

        boolean offer(WatchResponse response) {
            if (!willing && random.nextInt(3) == 0) {
                return false;
            }
            events.addAll(response.events());
            compacted |= response.compactRevision() != 0;
            return true;
        }
    }
}
