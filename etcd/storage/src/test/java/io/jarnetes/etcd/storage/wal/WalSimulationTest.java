package io.jarnetes.etcd.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.storage.bbolt.Seeds;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskException;
import io.jarnetes.etcd.storage.disk.FaultyDisk;
import io.jarnetes.etcd.storage.disk.FaultyDisk.Fault;
import io.jarnetes.etcd.storage.disk.SimulatedDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Power failures at every point of an append or a cut: what was acknowledged is there. */
class WalSimulationTest {
    private static final Path PARENT = Path.of("/simulated");
    private static final Path DIRECTORY = PARENT.resolve("wal");
    private static final WalOptions SMALL = new WalOptions(6 << 10, false);
    private static final int CRASHES = 15;

    @TestFactory
    Stream<DynamicTest> crashAfterCrash() {
        return Seeds.of(30, seed -> run(seed, UnaryOperator.identity()));
    }

    @TestFactory
    Stream<DynamicTest> aCrashAtEveryPoint() {
        return Seeds.of(
                3,
                seed -> {
                    for (long point = 0; point < 120; point += 1 + seed % 2) {
                        SimulatedDisk disk = newDisk();
                        disk.crashAfter(point);
                        round(disk, disk, new WalModel(), new Random(seed));
                    }
                });
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SKIP_FDATASYNC", "SKIP_DIRECTORY_SYNC"})
    void aPlantedFaultIsFound(Fault fault) {
        boolean found = false;
        for (long seed = 1; seed <= 40 && !found; seed++) {
            try {
                run(seed, disk -> new FaultyDisk(disk, fault));
            } catch (AssertionError | DiskException _) {
                found = true;
            }
        }
        assertThat(found).isTrue();
    }

    private static SimulatedDisk newDisk() {
        SimulatedDisk disk = new SimulatedDisk();
        disk.createDirectories(PARENT);
        disk.syncDirectory(Path.of("/"));
        return disk;
    }

    private static void run(long seed, UnaryOperator<Disk> fault) {
        Random random = new Random(seed);
        SimulatedDisk disk = newDisk();
        WalModel model = new WalModel();
        for (int i = 0; i < CRASHES; i++) {
            disk.crashAfter(random.nextInt(100));
            Recovered next = round(disk, fault.apply(disk), model, random);
            disk = next.disk();
            model = next.model();
        }
    }

    private record Recovered(SimulatedDisk disk, WalModel model) {}

    private static Recovered round(SimulatedDisk disk, Disk used, WalModel start, Random random) {
        WalModel acknowledged = start.copy();
        WalModel tried = start.copy();
        try {
            Wal wal = open(used, acknowledged);
            while (true) {
                tried = acknowledged.copy();
                boolean snapshot = random.nextInt(10) == 0;
                (snapshot ? tried.snapshot(wal) : tried.batch(wal, random, 5000)).run();
                acknowledged = tried;
                if (snapshot) {
                    wal.releaseLockTo(acknowledged.snapshot.index());
                    wal.purge(random.nextInt(3));
                }
            }
        } catch (SimulatedDisk.CrashException _) {
            // What this is about.
        }
        SimulatedDisk next = disk.crash(random);
        if (!Wal.exists(next, DIRECTORY)) {
            assertThat(acknowledged.entries).isEmpty();
            return new Recovered(next, new WalModel());
        }
        return new Recovered(next, recover(next, acknowledged, tried));
    }

    private static Wal open(Disk disk, WalModel model) {
        if (!Wal.exists(disk, DIRECTORY)) {
            return Wal.create(disk, DIRECTORY, WalModel.METADATA, SMALL);
        }
        return Wal.open(disk, DIRECTORY, model.snapshot, SMALL).wal();
    }

    private static WalModel recover(SimulatedDisk disk, WalModel acknowledged, WalModel tried) {
        assertThat(Wal.validSnapshots(disk, DIRECTORY)).contains(acknowledged.snapshot);
        Wal.Opened opened = Wal.open(disk, DIRECTORY, acknowledged.snapshot, SMALL);
        WalContents contents = opened.contents();
        opened.wal().close();
        List<Entry> entries =
                new ArrayList<>(
                        acknowledged.entries.subList(0, (int) acknowledged.snapshot.index()));
        entries.addAll(contents.entries());
        assertThat(possible(acknowledged.entries, tried.entries).contains(entries))
                .as(
                        "found %s, acknowledged %s, tried %s",
                        end(entries), end(acknowledged.entries), end(tried.entries))
                .isTrue();
        // A commit index alone is not synced; term and vote are.
        assertThat(contents.hardState().term())
                .isBetween(acknowledged.state.term(), tried.state.term());
        assertThat(contents.hardState().vote()).isIn(acknowledged.state.vote(), tried.state.vote());
        assertThat(contents.hardState().commit())
                .isBetween(acknowledged.snapshot.index(), tried.state.commit());
        WalModel model = acknowledged.copy();
        model.entries.clear();
        model.entries.addAll(entries);
        model.state = contents.hardState();
        if (contents.repaired() != null) {
            assertThat(Wal.read(disk, DIRECTORY, acknowledged.snapshot).repaired()).isNull();
        }
        return model;
    }

    private static String end(List<Entry> entries) {
        int count = entries.size();
        return count + " entries, the last " + entries.subList(Math.max(0, count - 8), count);
    }

    /** The acknowledged entries, and those with the first of a batch that was under way. */
    private static List<List<Entry>> possible(List<Entry> before, List<Entry> after) {
        List<List<Entry>> all = new ArrayList<>(List.of(before));
        int same = 0;
        while (same < Math.min(before.size(), after.size())
                && before.get(same).equals(after.get(same))) {
            same++;
        }
        for (int count = same + 1; count <= after.size(); count++) {
            all.add(after.subList(0, count));
        }
        return all;
    }
}
