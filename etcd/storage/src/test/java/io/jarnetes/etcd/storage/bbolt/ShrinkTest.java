package io.jarnetes.etcd.storage.bbolt;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.disk.Disk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Trees that grow by splits and are emptied by merges, in rising, falling or no order: at the end
 * no page is left, and on the way nothing else is lost.
 */
final class ShrinkTest {
    private static final byte[] NAME = {'b'};
    private static final int MOST_KEYS = 3_000;

    @TempDir Path directory;

    private static byte[] key(int number) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
    }

    private static long usedPages(Db db) {
        // Twice: the first lets go of what the transaction before gave up.
        for (int i = 0; i < 2; i++) {
            db.update(tx -> tx.createBucketIfNotExists(NAME).setSequence(7));
        }
        Stats stats = db.stats();
        return stats.sizeBytes() / db.pageSize() - stats.freePages() - stats.pendingPages();
    }

    private static List<Integer> order(List<Integer> numbers, Random random) {
        List<Integer> order = new ArrayList<>(numbers);
        switch (random.nextInt(3)) {
            case 0 -> Collections.shuffle(order, random);
            case 1 -> Collections.reverse(order);
            default -> {}
        }
        return order;
    }

    private static void requireKeys(Db db, List<Integer> sorted) {
        List<Integer> found = new ArrayList<>();
        db.view(tx -> {
            Bucket bucket = tx.bucket(NAME);
            Cursor cursor = bucket == null ? null : bucket.cursor();
            for (boolean on = cursor != null && cursor.first(); on; on = cursor.next()) {
                found.add(ByteBuffer.wrap(cursor.keyBytes()).getInt());
            }
            return true;
        });
        assertThat(found).isEqualTo(sorted);
    }

    private void run(long seed) {
        Random random = new Random(seed);
        Options options =
                Options.DEFAULTS
                        .withSizes(random.nextBoolean() ? 512 : 4096, 16 << 10, 64 << 10)
                        .withNoSync(true);
        try (Db db = Db.open(Disk.real(), directory.resolve("db" + seed), options)) {
            long empty = usedPages(db);
            int count = 1 + random.nextInt(MOST_KEYS);
            int mostBytes = random.nextInt(4) == 0 ? 3_000 : 60;
            List<Integer> numbers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                numbers.add(i);
            }
            inParts(
                    db,
                    order(numbers, random),
                    random,
                    (bucket, number) ->
                            bucket.put(key(number), new byte[random.nextInt(mostBytes)]));
            requireKeys(db, numbers);
            int kept = count / 10;
            List<Integer> going = order(numbers, random);
            inParts(db, going.subList(kept, count), random, ShrinkTest::delete);
            List<Integer> rest = new ArrayList<>(going.subList(0, kept));
            Collections.sort(rest);
            requireKeys(db, rest);
            inParts(db, rest, random, ShrinkTest::delete);
            requireKeys(db, List.of());
            assertThat(usedPages(db)).as("pages in use once it is empty").isEqualTo(empty);
        }
    }

    private static void delete(Bucket bucket, int number) {
        assertThat(bucket.delete(key(number))).isTrue();
    }

    @FunctionalInterface
    private interface Change {
        void make(Bucket bucket, int number);
    }

    private static void inParts(Db db, List<Integer> numbers, Random random, Change change) {
        int from = 0;
        while (from < numbers.size()) {
            int to = Math.min(numbers.size(), from + 1 + random.nextInt(400));
            List<Integer> part = numbers.subList(from, to);
            db.update(tx -> {
                Bucket bucket = tx.createBucketIfNotExists(NAME);
                part.forEach(number -> change.make(bucket, number));
            });
            assertThat(db.check()).isEmpty();
            from = to;
        }
    }

    @TestFactory
    Stream<DynamicTest> whatIsEmptiedTakesNoPages() {
        return Seeds.of(30, this::run);
    }
}
