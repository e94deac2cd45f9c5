package io.jarnetes.etcd.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that writes log, snapshots and database under load is killed at random instants, again
 * and again; after each death everything that it said is on disk is there, and nothing is damaged.
 */
@Tag("crash")
class StorageCrashTest {
    /** Deaths of writers that were writing; those that die while they start come on top. */
    private static final int KILLS = Integer.getInteger("kills", 320);

    private static final int DIRECTORIES = 2;
    private static final long LONGEST_LIFE_NANOS = 120_000_000;
    private static final long LONGEST_BIRTH_NANOS = 400_000_000;

    @TempDir Path folder;
    private final Disk disk = Disk.real();

    @Test
    void whatWasAcknowledgedIsThere() throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        WriterProcess writer = WriterProcess.prepare(folder);
        try (ExecutorService threads = Executors.newFixedThreadPool(DIRECTORIES)) {
            List<Future<?>> work = new ArrayList<>();
            for (int i = 0; i < DIRECTORIES; i++) {
                Path data = folder.resolve("data" + i);
                Random random = new Random(seed + i);
                work.add(
                        threads.submit(() -> {
                            kill(writer, data, random, "seed " + seed);
                            return null;
                        }));
            }
            for (Future<?> each : work) {
                each.get();
            }
        }
    }

    private void kill(WriterProcess writer, Path data, Random random, String name)
            throws Exception {
        Reference reference = new Reference();
        long committed = 0;
        for (int kills = 0; kills < KILLS / DIRECTORIES; ) {
            boolean fromBirth = random.nextInt(8) == 0;
            long life = random.nextLong(fromBirth ? LONGEST_BIRTH_NANOS : LONGEST_LIFE_NANOS);
            WriterProcess.LastWords words = writer.liveAndDie(data, life, fromBirth);
            committed = Math.max(committed, words.committed());
            committed = check(data, words.logged(), committed, reference, name + ", kill " + kills);
            kills += words.logged() > 0 ? 1 : 0;
        }
    }

    /** Starts on what the dead has left; returns what the database holds for sure from now on. */
    private long check(Path data, long logged, long committed, Reference reference, String name) {
        try (MiniMember member = MiniMember.open(disk, data, Writer.SIZES, Scenario.Plant.NONE)) {
            assertThat(member.logged()).as("%s: log", name).isGreaterThanOrEqualTo(logged);
            assertThat(member.backend().consistentIndex())
                    .as("%s: database", name)
                    .isGreaterThanOrEqualTo(committed);
            assertThat(member.store().check()).as(name).isEmpty();
            member.apply();
            reference.applyTo(member.logged());
            reference.requireSame(member.store(), member.lessor(), 3);
        }
        try (Db db = Db.open(disk, data.resolve("snap/db"), Options.DEFAULTS)) {
            assertThat(db.check()).as(name).isEmpty();
        }
        return committed;
    }
}
