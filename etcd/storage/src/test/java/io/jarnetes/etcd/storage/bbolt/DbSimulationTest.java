package io.jarnetes.etcd.storage.bbolt;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskException;
import io.jarnetes.etcd.storage.disk.FaultyDisk;
import io.jarnetes.etcd.storage.disk.FaultyDisk.Fault;
import io.jarnetes.etcd.storage.disk.SimulatedDisk;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Power failures at every point of a commit: what was acknowledged is there, whole. */
class DbSimulationTest {
    private static final Path DIRECTORY = Path.of("/simulated");
    private static final Path FILE = DIRECTORY.resolve("db");
    private static final int CRASHES = 12;

    @TestFactory
    Stream<DynamicTest> crashAfterCrash() {
        return Seeds.of(25, seed -> run(seed, UnaryOperator.identity()));
    }

    @TestFactory
    Stream<DynamicTest> aCrashAtEveryPoint() {
        return Seeds.of(
                3,
                seed -> {
                    for (long point = 0; point < 60; point++) {
                        Random random = new Random(seed);
                        SimulatedDisk disk = newDisk();
                        disk.crashAfter(point);
                        round(disk, disk, new Model(), random, options(seed), 8);
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aPlantedFaultIsFound(Fault fault) {
        boolean found = false;
        for (long seed = 1; seed <= 40 && !found; seed++) {
            try {
                run(seed, disk -> new FaultyDisk(disk, fault));
            } catch (AssertionError | CorruptFileException _) {
                found = true;
            }
        }
        assertThat(found).isTrue();
    }

    private static SimulatedDisk newDisk() {
        SimulatedDisk disk = new SimulatedDisk();
        disk.createDirectories(DIRECTORY);
        disk.syncDirectory(Path.of("/"));
        return disk;
    }

    private static Options options(long seed) {
        int pageSize = seed % 2 == 0 ? 512 : 4096;
        return Options.DEFAULTS.withSizes(pageSize, 8L * pageSize, 64 << 10);
    }

    private static void run(long seed, UnaryOperator<Disk> fault) {
        Random random = new Random(seed);
        Model model = new Model();
        SimulatedDisk disk = newDisk();
        for (int i = 0; i < CRASHES; i++) {
            disk.crashAfter(random.nextInt(80));
            Options options = options(seed).withFreelistSync(random.nextInt(4) == 0);
            Recovered next = round(disk, fault.apply(disk), model, random, options, 1000);
            disk = next.disk();
            model = next.model();
        }
    }

    private record Recovered(SimulatedDisk disk, Model model) {}

    /** Commits until the disk crashes; then looks at what is left. */
    private static Recovered round(
            SimulatedDisk disk,
            Disk used,
            Model start,
            Random random,
            Options options,
            int transactions) {
        Model acknowledged = start;
        Model tried = start;
        Tx reader = null;
        try {
            Db db = Db.open(used, FILE, options);
            assertThat(db.check()).isEmpty();
            for (int i = 0; i < transactions; i++) {
                Tx tx = db.begin(true);
                tried = acknowledged.copy();
                for (int j = random.nextInt(40); j >= 0; j--) {
                    tried.change(tx.root(), random, 0, 5000);
                }
                tx.commit();
                acknowledged = tried;
                if (reader != null) {
                    reader.close();
                }
                reader = random.nextBoolean() ? db.begin(false) : null;
            }
        } catch (SimulatedDisk.CrashException _) {
            // What this is about.
        } catch (DiskException e) {
            if (!(e.getCause() instanceof SimulatedDisk.CrashException)) {
                throw e;
            }
        }
        SimulatedDisk next = disk.crash(random);
        if (!next.exists(FILE)) {
            // It never came into being, so nothing can have been acknowledged.
            assertThat(acknowledged.pairs).isEmpty();
            return new Recovered(next, acknowledged);
        }
        return new Recovered(next, recover(next, options, acknowledged, tried));
    }

    private static Model recover(
            SimulatedDisk disk, Options options, Model acknowledged, Model tried) {
        try (Db db = Db.open(disk, FILE, options)) {
            assertThat(db.check()).isEmpty();
            return db.view(tx -> {
                try {
                    acknowledged.check(tx.root());
                    return acknowledged;
                } catch (AssertionError _) {
                    // A commit that was under way may have come through.
                    tried.check(tx.root());
                    return tried;
                }
            });
        }
    }
}
