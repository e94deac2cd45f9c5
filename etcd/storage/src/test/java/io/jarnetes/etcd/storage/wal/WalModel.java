package io.jarnetes.etcd.storage.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What a log must hold, and random additions to both. */
final class WalModel {
    static final byte[] METADATA = {8, 1, 16, 2};

    final List<Entry> entries;
    HardState state;
    WalSnapshot snapshot;

    WalModel() {
        this(List.of(), HardState.EMPTY, WalSnapshot.BEGINNING);
    }

    private WalModel(List<Entry> entries, HardState state, WalSnapshot snapshot) {
        this.entries = new ArrayList<>(entries);
        this.state = state;
        this.snapshot = snapshot;
    }

    WalModel copy() {
        return new WalModel(entries, state, snapshot);
    }

    /** A batch that follows on this; some replace entries that were not committed. */
    Runnable batch(Wal wal, RandomGenerator random, int largest) {
        long term = Math.max(1, state.term()) + (random.nextInt(8) == 0 ? 1 : 0);
        // A new leader begins with an entry: without one nothing in the log replaces the old ones.
        int count = random.nextInt(6);
        if (term != state.term() && count > 0 && entries.size() > state.commit()) {
            int uncommitted = (int) (entries.size() - state.commit());
            int dropped = random.nextInt(uncommitted + 1);
            entries.subList(entries.size() - dropped, entries.size()).clear();
        }
        List<Entry> added = new ArrayList<>();
        for (int i = count; i > 0; i--) {
            byte[] data = new byte[1 + random.nextInt(random.nextInt(10) == 0 ? largest : 100)];
            random.nextBytes(data);
            Entry entry =
                    new Entry(
                            EntryType.of(random.nextInt(20) == 0 ? 1 : 0),
                            term,
                            entries.size() + 1L,
                            data);
            added.add(entry);
            entries.add(entry);
        }
        long commit = state.commit() + random.nextLong(entries.size() - state.commit() + 1);
        state = new HardState(term, random.nextInt(3), commit);
        HardState saved = state;
        return () -> wal.save(saved, added);
    }

    Runnable snapshot(Wal wal) {
        long index = state.commit();
        if (index <= snapshot.index()) {
            return () -> {};
        }
        snapshot =
                new WalSnapshot(
                        index,
                        entries.get((int) index - 1).term(),
                        ConfState.ofVoters(List.of(1L, 0x8000000000000001L)));
        WalSnapshot saved = snapshot;
        return () -> wal.saveSnapshot(saved);
    }

    void check(WalContents contents) {
        assertThat(contents.metadata()).isEqualTo(METADATA);
        assertThat(contents.hardState()).isEqualTo(state);
        assertThat(contents.entries())
                .isEqualTo(entries.subList((int) snapshot.index(), entries.size()));
    }
}
