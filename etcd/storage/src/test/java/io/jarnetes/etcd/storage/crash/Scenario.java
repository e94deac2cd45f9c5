package io.jarnetes.etcd.storage.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskException;
import io.jarnetes.etcd.storage.disk.SimulatedDisk;
import io.jarnetes.etcd.storage.wal.WalOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A member's life on a disk that may crash: a row of steps that follows from a seed. */
public final class Scenario {
    static final UnaryOperator<Disk> SOUND_DISK = UnaryOperator.identity();

    private static final Path DATA = Path.of("/simulated/member");
    private static final Map<Kind, Integer> TIMES =
            new EnumMap<>(
                    Map.of(
                            Kind.APPEND, 26,
                            Kind.APPLY, 10,
                            Kind.APPLY_AHEAD, 5,
                            Kind.COMMIT, 10,
                            Kind.COMPACTION, 8,
                            Kind.DEFRAGMENTATION, 2,
                            Kind.SNAPSHOT, 4,
                            Kind.RECEIVED_SNAPSHOT, 2));

    /** What a member does. */
    enum Kind {
        APPEND,
        CUT,
        APPLY,
        /** Entries that a majority has are applied before this member has them on disk. */
        APPLY_AHEAD,
        COMMIT,
        SNAPSHOT,
        RECEIVED_SNAPSHOT,
        COMPACTION,
        DEFRAGMENTATION
    }

    /** A wrong order of steps. */
    enum Plant {
        NONE,
        INDEX_AHEAD_OF_LOG,
        RELEASE_BEFORE_SNAPSHOT
    }

    private final Random random;
    private final Plant plant;
    private final UnaryOperator<Disk> fault;
    private final MiniMember.Sizes sizes;
    private final Set<Kind> seen = EnumSet.noneOf(Kind.class);
    private SimulatedDisk disk = newDisk();
    // What the member said is on disk, and what it was about to say when the power went.
    private long acknowledged;
    private long tried;
    private long committed;
    private long received;

    Scenario(long seed, Plant plant, UnaryOperator<Disk> fault) {
        this.random = new Random(seed);
        this.plant = plant;
        this.fault = fault;
        int page = seed % 2 == 0 ? 512 : 4096;
        this.sizes =
                new MiniMember.Sizes(
                        new WalOptions(20 << 10, false),
                        Options.DEFAULTS
                                .withSizes(page, 8L * page, 64 << 10)
                                .withFreelistSync(seed % 3 == 0));
    }

    private static SimulatedDisk newDisk() {
        SimulatedDisk disk = new SimulatedDisk();
        disk.createDirectories(DATA);
        for (Path path = DATA; path != null; path = path.getParent()) {
            disk.syncDirectory(path);
        }
        return disk;
    }

    Set<Kind> seen() {
        return seen;
    }

    /**
     * Runs all steps on a disk that crashes at the given change, then looks at what is left.
     *
     * @return how many changes there were
     */
    long run(long crashAt) {
        disk.crashAfter(crashAt == Long.MAX_VALUE ? Long.MAX_VALUE / 2 : crashAt);
        live(plan());
        long operations = disk.operations();
        disk = disk.crash(random);
        verify();
        return operations;
    }

    /** Crash after crash on the same disk, at random points, with nothing wrong. */
    public static void crashAfterCrash(long seed, int crashes) {
        crashAfterCrash(seed, crashes, Plant.NONE, SOUND_DISK);
    }

    static void crashAfterCrash(long seed, int crashes, Plant plant, UnaryOperator<Disk> fault) {
        Scenario scenario = new Scenario(seed, plant, fault);
        for (int i = 0; i < crashes; i++) {
            scenario.disk.crashAfter(scenario.random.nextInt(250));
            scenario.live(scenario.plan());
            scenario.disk = scenario.disk.crash(scenario.random);
            scenario.verify();
        }
    }

    /** Each kind of step some times, in an order that follows from the seed. */
    private List<Kind> plan() {
        List<Kind> plan = new ArrayList<>();
        TIMES.forEach((kind, times) -> plan.addAll(Collections.nCopies(times, kind)));
        Collections.shuffle(plan, random);
        return plan;
    }

    private void live(List<Kind> steps) {
        try {
            MiniMember member = MiniMember.open(fault.apply(disk), DATA, sizes, plant);
            member.apply();
            for (Kind step : steps) {
                step(member, step);
            }
        } catch (DiskException e) {
            if (!disk.crashed()) {
                throw e;
            }
        }
    }

    private void step(MiniMember member, Kind kind) {
        long before = disk.operations();
        switch (kind) {
            case APPEND, CUT -> append(member);
            case APPLY -> {
                member.apply();
                seen.add(kind);
            }
            case APPLY_AHEAD -> {
                applyAhead(member);
                did(kind, before, true);
            }
            case COMMIT -> {
                commit(member);
                did(kind, before, true);
            }
            case COMPACTION -> did(kind, before, compact(member));
            case DEFRAGMENTATION -> {
                member.backend().defrag();
                did(kind, before, true);
            }
            case SNAPSHOT -> {
                member.snapshot(1 + random.nextInt(2));
                committed = member.backend().consistentIndex();
                did(kind, before, true);
            }
            case RECEIVED_SNAPSHOT -> {
                receive(member);
                did(kind, before, true);
            }
        }
    }

    private void did(Kind kind, long operationsBefore, boolean whole) {
        if (whole && disk.operations() > operationsBefore) {
            seen.add(kind);
        }
    }

    private void append(MiniMember member) {
        int count = 1 + random.nextInt(12);
        int segments = segments();
        tried = acknowledged + count;
        long before = disk.operations();
        member.append(count);
        acknowledged = tried;
        did(segments() > segments ? Kind.CUT : Kind.APPEND, before, true);
    }

    private void applyAhead(MiniMember member) {
        int count = 1 + random.nextInt(4);
        tried = acknowledged + count;
        member.applyAhead(
                count,
                () -> {
                    if (random.nextBoolean()) {
                        member.backend().commit();
                    }
                });
        acknowledged = tried;
    }

    private int segments() {
        return (int)
                disk.list(DATA.resolve("wal")).stream().filter(n -> n.endsWith(".wal")).count();
    }

    private void commit(MiniMember member) {
        member.backend().commit();
        committed = Math.max(committed, member.backend().savedIndex());
    }

    /** Steps and commits until nothing is left of a compaction; whether there was one. */
    private boolean compact(MiniMember member) {
        boolean any = false;
        member.apply();
        while (member.store().compactStep()) {
            any = true;
            commit(member);
        }
        return any;
    }

    /** From a leader that has some entries more. */
    private void receive(MiniMember member) {
        try (MiniMember leader = MiniMember.open(newDisk(), DATA, sizes, Plant.NONE)) {
            leader.append((int) acknowledged + 1 + random.nextInt(20));
            leader.apply();
            leader.backend().commit();
            tried = leader.logged();
            member.receive(leader, ++received);
            acknowledged = tried;
            committed = tried;
        }
    }

    /** Starts on what the crash has left. */
    private void verify() {
        try (MiniMember member = MiniMember.open(disk, DATA, sizes, Plant.NONE)) {
            assertThat(member.logged())
                    .as("the end of the log")
                    .isBetween(acknowledged, Math.max(acknowledged, tried));
            assertThat(member.backend().consistentIndex()).isGreaterThanOrEqualTo(committed);
            assertThat(member.store().check()).isEmpty();
            member.apply();
            Reference reference = new Reference();
            reference.applyTo(member.logged());
            reference.requireSame(member.store(), member.lessor(), 5);
            acknowledged = member.logged();
            tried = acknowledged;
            committed = member.backend().consistentIndex();
            assertThat(member.store().check()).isEmpty();
        }
        try (Db db = Db.open(disk, DATA.resolve("snap/db"), sizes.pages())) {
            assertThat(db.check()).isEmpty();
        }
    }
}
