package io.jarnetes.etcd.storage.crash;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.Snapshot;
import io.jarnetes.etcd.raft.SnapshotMetadata;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.DiskException;
import io.jarnetes.etcd.storage.disk.DiskFile;
import io.jarnetes.etcd.storage.disk.OpenMode;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.mvcc.KeyRange;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import io.jarnetes.etcd.storage.mvcc.WriteTxn;
import io.jarnetes.etcd.storage.snap.Snapshotter;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalOptions;
import io.jarnetes.etcd.storage.wal.WalSnapshot;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A member without raft and network: log, snapshots, database and stores in the order in which the
 * server uses them. Entry {@code n} asks for what {@link Commands} says; all are committed at once.
 */
final class MiniMember implements AutoCloseable {
    static final byte[] METADATA = {8, 1, 16, 1};
    private static final ConfState MEMBERS = ConfState.ofVoters(List.of(1L));
    private static final int SENT_AT_ONCE = 4096;

    /**
     * Sizes of files.
     *
     * @param segments of the log
     * @param pages of the database
     */
    record Sizes(WalOptions segments, Options pages) {}

    private final Disk disk;
    private final Path data;
    private final Sizes sizes;
    private final Scenario.Plant plant;
    private final Snapshotter snapshotter;
    private final Wal wal;
    private final List<Long> waiting = new ArrayList<>();
    private Backend backend;
    private Lessor lessor;
    private Mvcc store;
    private volatile long logged;
    private long snapshotIndex;

    private MiniMember(Disk disk, Path data, Sizes sizes, Scenario.Plant plant) {
        this.disk = disk;
        this.data = data;
        this.sizes = sizes;
        this.plant = plant;
        disk.createDirectories(snap());
        this.snapshotter = new Snapshotter(disk, snap());
        if (!Wal.exists(disk, log())) {
            open(openBackend());
            wal = Wal.create(disk, log(), METADATA, sizes.segments());
            return;
        }
        List<WalSnapshot> recorded = Wal.validSnapshots(disk, log());
        Optional<Snapshot> newest = snapshotter.loadNewestAvailable(recorded);
        snapshotIndex = newest.map(found -> found.metadata().index()).orElse(0L);
        backend = openBackend();
        if (backend.consistentIndex() < snapshotIndex) {
            // It never got as far as to take the place of this one.
            backend.close();
            takeReceived(snapshotIndex);
            backend = openBackend();
        }
        if (backend.consistentIndex() < snapshotIndex) {
            throw new DiskException(
                    database(),
                    "it stands at %d, the snapshot at %d"
                            .formatted(backend.consistentIndex(), snapshotIndex));
        }
        WalSnapshot from = newest.map(MiniMember::position).orElse(WalSnapshot.BEGINNING);
        Wal.Opened opened = Wal.open(disk, log(), from, sizes.segments());
        wal = opened.wal();
        List<Entry> entries = opened.contents().entries();
        logged = entries.isEmpty() ? snapshotIndex : entries.getLast().index();
        if (backend.consistentIndex() > logged) {
            throw new DiskException(
                    database(),
                    "it stands at %d, the log ends at %d"
                            .formatted(backend.consistentIndex(), logged));
        }
        open(backend);
        for (Entry entry : entries) {
            requireEntry(entry);
            if (entry.index() > backend.consistentIndex()) {
                waiting.add(entry.index());
            }
        }
    }

    static MiniMember open(Disk disk, Path data, Sizes sizes, Scenario.Plant plant) {
        return new MiniMember(disk, data, sizes, plant);
    }

    private static WalSnapshot position(Snapshot snapshot) {
        return new WalSnapshot(
                snapshot.metadata().index(),
                snapshot.metadata().term(),
                snapshot.metadata().confState());
    }

    private static void requireEntry(Entry entry) {
        if (!entry.equals(Commands.entry(entry.index()))) {
            throw new AssertionError("entry " + entry.index() + " is not what was written");
        }
    }

    private Path log() {
        return data.resolve("wal");
    }

    private Path snap() {
        return data.resolve("snap");
    }

    Path database() {
        return snap().resolve("db");
    }

    private Backend openBackend() {
        // No commit is due by its age: who uses this says when.
        return Backend.open(
                disk,
                database(),
                sizes.pages(),
                new BackendOptions(Long.MAX_VALUE, 1000, System::nanoTime, this::synced));
    }

    private void open(Backend opened) {
        backend = opened;
        lessor = Lessor.open(opened, 1, () -> 0);
        store = Mvcc.open(opened, lessor);
    }

    private long synced() {
        return plant == Scenario.Plant.INDEX_AHEAD_OF_LOG ? Long.MAX_VALUE : logged;
    }

    /** Puts the database that came with a snapshot in the place of the old one. */
    private boolean takeReceived(long index) {
        Path received = snapshotter.databasePath(index);
        if (!disk.exists(received)) {
            return false;
        }
        Backend.requireSound(disk, received, sizes.pages(), index);
        disk.rename(received, database());
        disk.syncDirectory(snap());
        return true;
    }

    /** Appends entries in one batch; they are on disk when this returns. */
    void append(int count) {
        save(next(count));
    }

    private List<Entry> next(int count) {
        List<Entry> batch = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            batch.add(Commands.entry(logged + i));
            waiting.add(logged + i);
        }
        return batch;
    }

    private void save(List<Entry> batch) {
        long last = batch.getLast().index();
        wal.save(new HardState(1, 1, last), batch);
        logged = last;
    }

    /**
     * Applies entries before they are in the log here, as when the other members are faster.
     *
     * @param meanwhile done between the two
     */
    void applyAhead(int count, Runnable meanwhile) {
        List<Entry> batch = next(count);
        apply();
        meanwhile.run();
        save(batch);
    }

    /** Applies what waits. */
    void apply() {
        Stores target = new Stores(store, lessor);
        for (long index : waiting) {
            Commands.apply(index, target);
            backend.applied(index, 1);
        }
        waiting.clear();
    }

    /** Everything applied into the database, a .snap file, its mark in the log; old files go. */
    void snapshot(int keep) {
        apply();
        commitAll();
        long index = backend.consistentIndex();
        if (index <= snapshotIndex) {
            return;
        }
        if (plant == Scenario.Plant.RELEASE_BEFORE_SNAPSHOT) {
            wal.releaseLockTo(index);
            wal.purge(keep);
        }
        save(index);
        release(keep);
    }

    private void save(long index) {
        byte[] json = ("{\"Root\":" + index + "}").getBytes(StandardCharsets.UTF_8);
        snapshotter.save(new Snapshot(json, new SnapshotMetadata(MEMBERS, index, 1)));
        wal.saveSnapshot(new WalSnapshot(index, 1, MEMBERS));
        snapshotIndex = index;
    }

    private void release(int keep) {
        wal.releaseLockTo(snapshotIndex);
        wal.purge(keep);
        snapshotter.purge(keep, snapshotIndex);
        snapshotter.releaseDatabases(snapshotIndex);
    }

    private void commitAll() {
        while (!backend.commit()) {
            Thread.onSpinWait();
        }
    }

    /** A snapshot that a leader sends who is some entries ahead: its database replaces ours. */
    void receive(MiniMember leader, long number) {
        long index = receiveFile(leader, number);
        release(2);
        commitAll();
        if (!takeReceived(index)) {
            throw new AssertionError("the database that was received is not there");
        }
        Backend before = backend;
        backend = openBackend();
        lessor.restore(backend);
        store.restore(backend);
        before.close();
    }

    /** The first half: the database lies beside ours, and the log has its record. */
    long receiveFile(MiniMember leader, long number) {
        long index = leader.backend.consistentIndex();
        Path temporary = snapshotter.temporaryPath(number);
        try (Backend.Snapshot source = leader.backend.snapshot();
                DiskFile file = disk.open(temporary, OpenMode.CREATE)) {
            file.truncate(0);
            ByteBuffer some = ByteBuffer.allocate(SENT_AT_ONCE);
            for (long at = 0; at < source.size(); at += some.limit()) {
                source.read(at, some.clear());
                file.write(some.flip(), at);
            }
            file.sync();
        }
        snapshotter.publishDatabase(temporary, index);
        save(index);
        wal.save(new HardState(1, 1, index), List.of());
        wal.sync();
        logged = index;
        waiting.clear();
        return index;
    }

    Backend backend() {
        return backend;
    }

    Mvcc store() {
        return store;
    }

    Lessor lessor() {
        return lessor;
    }

    /** The last entry in the log. */
    long logged() {
        return logged;
    }

    @Override
    public void close() {
        wal.close();
        backend.close();
    }

    private record Stores(Mvcc store, Lessor lessor) implements Commands.Target {
        @Override
        public long revision() {
            return store.revision();
        }

        @Override
        public long compactRevision() {
            return store.compactRevision();
        }

        @Override
        public boolean hasLease(long id) {
            return lessor.exists(id);
        }

        @Override
        public void grant(long id) {
            lessor.grant(id, 1000);
        }

        @Override
        public void revoke(long id) {
            lessor.revoke(id, store);
        }

        @Override
        public void compact(long revision) {
            store.compact(revision);
        }

        @Override
        public void change(List<Commands.Change> changes) {
            try (WriteTxn txn = store.write()) {
                for (Commands.Change change : changes) {
                    switch (change) {
                        case Commands.Change.Put(byte[] key, byte[] value, long lease) ->
                                txn.put(key, value, lease);
                        case Commands.Change.Delete(byte[] key, byte[] end) ->
                                txn.deleteRange(KeyRange.of(key, end));
                    }
                }
            }
        }
    }
}
