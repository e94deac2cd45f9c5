package io.jarnetes.etcd.storage.mvcc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendFile;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.FaultyFile;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.bbolt.Seeds;
import io.jarnetes.etcd.storage.disk.DiskException;
import io.jarnetes.etcd.storage.disk.SimulatedDisk;
import io.jarnetes.etcd.storage.lease.Lessor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Power failures at any write of commits, compactions and defragmentations. After each, the log's
 * synced entries are applied from where the file says it stands, and the store must equal one that
 * never failed.
 */
class MvccSimulationTest {
    private static final Path DIRECTORY = Path.of("/simulated");
    private static final Path FILE = DIRECTORY.resolve("db");
    private static final int CRASHES = 10;
    private static final int STEPS = 600;

    /** What is wrong on purpose. */
    enum Fault {
        NONE,
        INDEX_AHEAD_OF_LOG,
        TOMBSTONES_DROPPED
    }

    @TestFactory
    Stream<DynamicTest> crashAfterCrash() {
        return Seeds.of(30, seed -> new Machine(seed, Fault.NONE).run());
    }

    @ParameterizedTest
    @EnumSource(value = Fault.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aPlantedFaultIsFound(Fault fault) {
        boolean found = false;
        for (long seed = 1; seed <= 30 && !found; seed++) {
            try {
                new Machine(seed, fault).run();
            } catch (AssertionError | IllegalStateException e) {
                found = true;
            }
        }
        assertThat(found).isTrue();
    }

    /** A store with its lessor. */
    private record Member(Backend backend, Lessor lessor, Mvcc store) {
        static Member over(BackendFile file, BackendOptions options) {
            Backend backend = Backend.over(file, options);
            Lessor lessor = Lessor.open(backend, 1, () -> 0);
            return new Member(backend, lessor, Mvcc.open(backend, lessor));
        }
    }

    private static final class Machine {
        private final Random random;
        private final Fault fault;
        private final Options options;
        private final List<BiConsumer<Mvcc, Lessor>> log = new ArrayList<>();
        private SimulatedDisk disk = new SimulatedDisk();
        // Entries of the log that are on disk.
        private int synced;

        Machine(long seed, Fault fault) {
            this.random = new Random(seed);
            this.fault = fault;
            int page = seed % 2 == 0 ? 512 : 4096;
            this.options = Options.DEFAULTS.withSizes(page, 8L * page, 64 << 10);
            disk.createDirectories(DIRECTORY);
            disk.syncDirectory(Path.of("/"));
        }

        void run() {
            for (int i = 0; i < CRASHES; i++) {
                disk.crashAfter(random.nextInt(120));
                try {
                    work(open());
                } catch (DiskException e) {
                    if (!disk.crashed()) {
                        throw e;
                    }
                }
                disk = disk.crash(random);
                // What the log had not synced is gone with the power.
                log.subList(synced, log.size()).clear();
            }
            open();
        }

        private Member open() {
            BackendOptions commits =
                    new BackendOptions(
                            0,
                            100,
                            () -> 0,
                            () -> fault == Fault.INDEX_AHEAD_OF_LOG ? Long.MAX_VALUE : synced);
            BackendFile file =
                    fault == Fault.TOMBSTONES_DROPPED
                            ? FaultyFile.droppingTombstones(disk, FILE, options)
                            : FaultyFile.sound(disk, FILE, options);
            Member member = Member.over(file, commits);
            assertThat(member.store().check()).isEmpty();
            long stands = member.backend().consistentIndex();
            assertThat(stands).as("the db is not ahead of the log").isLessThanOrEqualTo(synced);
            for (int i = (int) stands; i < log.size(); i++) {
                apply(member, i);
            }
            compare(member.store());
            return member;
        }

        private void apply(Member member, int index) {
            log.get(index).accept(member.store(), member.lessor());
            member.backend().applied(index + 1L, 1);
        }

        /** With a store that gets the same entries, and never failed. */
        private void compare(Mvcc store) {
            Member other = Member.over(new MemoryFile(), BackendOptions.defaults());
            for (int i = 0; i < log.size(); i++) {
                apply(other, i);
            }
            assertThat(store.revision()).isEqualTo(other.store().revision());
            assertThat(store.compactRevision()).isEqualTo(other.store().compactRevision());
            long first = Math.max(1, store.compactRevision());
            for (long at = first; at <= store.revision(); at++) {
                assertThat(store.range(KeyRange.all(), RangeOptions.at(at)))
                        .as("everything at %s", at)
                        .isEqualTo(other.store().range(KeyRange.all(), RangeOptions.at(at)));
            }
        }

        private void work(Member member) {
            for (int i = 0; i < STEPS; i++) {
                switch (random.nextInt(12)) {
                    case 0, 1 -> member.backend().commit();
                    case 2, 3 -> member.store().compactStep();
                    case 4, 5 -> synced = log.size();
                    case 6 -> {
                        if (random.nextInt(20) == 0) {
                            member.backend().defrag();
                        }
                    }
                    default -> {
                        log.add(entry(member.store()));
                        apply(member, log.size() - 1);
                    }
                }
            }
        }

        private BiConsumer<Mvcc, Lessor> entry(Mvcc now) {
            byte[] key = ("k" + random.nextInt(20)).getBytes(UTF_8);
            byte[] value = ("v" + random.nextInt()).repeat(random.nextInt(8)).getBytes(UTF_8);
            long lease = 1 + random.nextInt(3);
            return switch (random.nextInt(12)) {
                case 0 -> {
                    long low = Math.max(1, now.compactRevision() + 1);
                    long at = now.revision() - random.nextInt(10);
                    yield at < low ? (store, lessor) -> {} : (store, lessor) -> store.compact(at);
                }
                case 1, 2, 3 -> (store, lessor) -> store.deleteRange(KeyRange.of(key));
                case 4 ->
                        (store, lessor) -> {
                            if (lessor.exists(lease)) {
                                lessor.revoke(lease, store);
                            } else {
                                lessor.grant(lease, 100);
                            }
                        };
                case 5 ->
                        (store, lessor) -> store.put(key, value, lessor.exists(lease) ? lease : 0);
                default -> (store, lessor) -> store.put(key, value, 0);
            };
        }
    }
}
