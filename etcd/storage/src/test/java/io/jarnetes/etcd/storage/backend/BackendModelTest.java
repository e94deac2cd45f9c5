package io.jarnetes.etcd.storage.backend;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.bbolt.Seeds;
import io.jarnetes.etcd.storage.disk.Disk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backend against plain maps, whatever waits, is being written or was committed; and after a
 * crash at any point, against the maps as they were when the last batch was taken off.
 */
final class BackendModelTest {
    private static final int STEPS = 400;
    private static final int KEY_BYTES = 17;
    private static final byte[] FIRST = {};
    private static final Options OPTIONS = Options.DEFAULTS.withNoSync(true);
    private static final List<Bucket> SMALL = List.of(Bucket.META, Bucket.LEASE, Bucket.AUTH_USERS);

    @TempDir Path directory;

    /** All that is stored, as text. */
    private record Contents(Map<Bucket, TreeMap<String, String>> buckets, long applied) {
        static Contents empty() {
            Map<Bucket, TreeMap<String, String>> buckets = new EnumMap<>(Bucket.class);
            SMALL.forEach(bucket -> buckets.put(bucket, new TreeMap<>()));
            buckets.put(Bucket.KEY, new TreeMap<>());
            return new Contents(buckets, 0);
        }

        Contents copy(long appliedNow) {
            Map<Bucket, TreeMap<String, String>> copy = new EnumMap<>(Bucket.class);
            buckets.forEach((bucket, pairs) -> copy.put(bucket, new TreeMap<>(pairs)));
            return new Contents(copy, appliedNow);
        }

        TreeMap<String, String> in(Bucket bucket) {
            return buckets.computeIfAbsent(bucket, b -> new TreeMap<>());
        }
    }

    private record OldView(View view, TreeMap<String, String> revisions) {}

    private static final class Run {
        private final Random random;
        private final Contents now = Contents.empty();
        // Revisions that were deleted, and may show until the deletion is committed.
        private final TreeMap<String, String> going = new TreeMap<>();
        private final TreeMap<String, String> goingFrozen = new TreeMap<>();
        private final List<OldView> views = new ArrayList<>();
        private Contents committed = Contents.empty();
        private Contents frozen = Contents.empty();
        private Backend.@Nullable Commit writing;
        private final Backend backend;
        private long revision;
        private long applied;

        Run(Random random, BackendFile file) {
            this.random = random;
            this.backend = Backend.over(file, BackendOptions.defaults());
        }

        private static String hex(byte[] bytes) {
            return HexFormat.of().formatHex(bytes);
        }

        private byte[] bytes(int most) {
            byte[] bytes = new byte[random.nextInt(most)];
            random.nextBytes(bytes);
            return bytes;
        }

        private Bucket small() {
            return SMALL.get(random.nextInt(SMALL.size()));
        }

        private byte[] smallKey() {
            return new byte[] {'k', (byte) random.nextInt(20)};
        }

        void step(boolean onDisk) {
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> {
                    byte[] key = key(++revision);
                    byte[] value = bytes(random.nextInt(20) == 0 ? 9_000 : 60);
                    backend.put(Bucket.KEY, key, value);
                    now.in(Bucket.KEY).put(hex(key), hex(value));
                }
                case 3 -> deleteRevision();
                case 4, 5 -> {
                    Bucket bucket = small();
                    byte[] key = smallKey();
                    byte[] value = bytes(40);
                    backend.put(bucket, key, value);
                    now.in(bucket).put(hex(key), hex(value));
                }
                case 6 -> {
                    Bucket bucket = small();
                    byte[] key = smallKey();
                    backend.delete(bucket, key);
                    now.in(bucket).remove(hex(key));
                }
                case 7 -> backend.applied(++applied, 1);
                case 8 -> freeze();
                case 9 -> write();
                case 10 ->
                        views.add(new OldView(backend.view(), new TreeMap<>(now.in(Bucket.KEY))));
                default -> {
                    if (onDisk && random.nextInt(3) == 0) {
                        backend.defrag();
                    }
                    rest();
                }
            }
        }

        private void deleteRevision() {
            // Compaction deletes only what no view reads any more.
            if (!views.isEmpty() || now.in(Bucket.KEY).isEmpty()) {
                return;
            }
            List<String> all = List.copyOf(now.in(Bucket.KEY).keySet());
            String key = all.get(random.nextInt(all.size()));
            backend.delete(Bucket.KEY, HexFormat.of().parseHex(key));
            going.put(key, now.in(Bucket.KEY).remove(key));
        }

        private void freeze() {
            Backend.Commit next = backend.freeze();
            if (next != null) {
                assertThat(writing).as("one batch is written at a time").isNull();
                writing = next;
                frozen = now.copy(applied);
                goingFrozen.putAll(going);
                going.clear();
            }
        }

        private void write() {
            Backend.Commit batch = writing;
            if (batch != null) {
                batch.run();
                writing = null;
                committed = frozen;
                goingFrozen.clear();
            }
        }

        private void rest() {
            while (!views.isEmpty()) {
                views.remove(random.nextInt(views.size())).view().close();
            }
        }

        void check() {
            try (View view = backend.view()) {
                for (Bucket bucket : SMALL) {
                    assertThat(small(view, bucket)).as("%s", bucket).isEqualTo(now.in(bucket));
                }
                TreeMap<String, String> shown = scan(view, Bucket.KEY, FIRST, null);
                requireRevisions(shown);
                byte[] from = key(random.nextLong(revision + 1));
                byte[] end = key(random.nextLong(revision + 2));
                if (Arrays.compareUnsigned(from, end) < 0) {
                    assertThat(scan(view, Bucket.KEY, from, end))
                            .isEqualTo(shown.subMap(hex(from), hex(end)));
                }
                byte[] key = smallKey();
                byte[] value = view.get(Bucket.LEASE, key);
                assertThat(value == null ? null : hex(value))
                        .isEqualTo(now.in(Bucket.LEASE).get(hex(key)));
            }
            for (OldView old : views) {
                assertThat(scan(old.view(), Bucket.KEY, FIRST, null))
                        .containsAllEntriesOf(old.revisions());
            }
        }

        /** All that are there; of those deleted, only ones whose deletion waits. */
        private void requireRevisions(TreeMap<String, String> shown) {
            TreeMap<String, String> more = new TreeMap<>(shown);
            now.in(Bucket.KEY)
                    .forEach((key, value) -> {
                        assertThat(more).containsEntry(key, value);
                        more.remove(key);
                    });
            assertThat(more.keySet())
                    .allMatch(key -> going.containsKey(key) || goingFrozen.containsKey(key));
        }

        private static byte[] key(long revision) {
            return ByteBuffer.allocate(KEY_BYTES).putLong(revision).array();
        }

        /** Without what the backend itself keeps there. */
        private static TreeMap<String, String> small(View view, Bucket bucket) {
            TreeMap<String, String> found = scan(view, bucket, FIRST, null);
            found.keySet().removeIf(key -> !key.startsWith("6b"));
            return found;
        }

        private static TreeMap<String, String> scan(
                View view, Bucket bucket, byte[] from, byte @Nullable [] end) {
            TreeMap<String, String> found = new TreeMap<>();
            view.scan(
                    bucket,
                    from,
                    end,
                    (key, value) -> {
                        String text = hex(key);
                        if (!found.isEmpty()) {
                            assertThat(text).isGreaterThan(found.lastKey());
                        }
                        found.put(text, hex(value));
                        return true;
                    });
            return found;
        }

        /** What another process would find: the last batch that was written, and nothing else. */
        void requireCommitted(BackendFile file) {
            Backend after = Backend.over(file, BackendOptions.defaults());
            try (View view = after.view()) {
                for (Bucket bucket : SMALL) {
                    assertThat(small(view, bucket)).isEqualTo(committed.in(bucket));
                }
                assertThat(scan(view, Bucket.KEY, FIRST, null)).isEqualTo(committed.in(Bucket.KEY));
            }
            assertThat(after.consistentIndex()).isEqualTo(committed.applied());
            after.close();
        }

        void finish() {
            rest();
            write();
            assertThat(backend.commit()).isTrue();
            committed = now.copy(applied);
            backend.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> whatWaitsAndWhatIsCommittedAreReadAsOne() {
        return Seeds.of(
                30,
                seed -> {
                    MemoryFile file = new MemoryFile();
                    Run run = new Run(new Random(seed), file);
                    for (int i = 0; i < STEPS; i++) {
                        run.step(false);
                        run.check();
                        run.requireCommitted(file.copy());
                    }
                    run.finish();
                });
    }

    @TestFactory
    Stream<DynamicTest> theSameOnDiskWithDefragmentations() {
        return Seeds.of(
                10,
                seed -> {
                    Path db = directory.resolve("db" + seed);
                    CountingFile file = CountingFile.open(Disk.real(), db, OPTIONS);
                    Run run = new Run(new Random(seed), file);
                    for (int i = 0; i < STEPS; i++) {
                        run.step(true);
                        run.check();
                    }
                    run.finish();
                    assertThat(file.readers()).isZero();
                    assertThat(file.files()).isZero();
                    run.requireCommitted(BboltFile.open(Disk.real(), db, OPTIONS));
                });
    }
}
