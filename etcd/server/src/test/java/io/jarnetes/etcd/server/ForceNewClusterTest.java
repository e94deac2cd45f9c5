package io.jarnetes.etcd.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfChangeType;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.raft.HardState;
import io.jarnetes.etcd.raft.MemoryStorage;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.wal.Wal;
import io.jarnetes.etcd.storage.wal.WalOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForceNewClusterTest {
    private static final long TERM = 4;

    @TempDir Path dir;

    private final MemoryStorage storage = new MemoryStorage();
    private final List<Entry> entries = new ArrayList<>();

    private void add(ConfChangeType type, long id) {
        byte[] data = new ConfChange(0, type, id, new byte[0]).marshal();
        entries.add(new Entry(EntryType.CONF_CHANGE, TERM, entries.size() + 1, data));
    }

    private void write(int count) {
        for (int i = 0; i < count; i++) {
            entries.add(new Entry(EntryType.NORMAL, TERM, entries.size() + 1, new byte[] {1}));
        }
    }

    private long rewrite(long commit, long self, long applied) {
        HardState state = new HardState(TERM, 0, commit);
        storage.setHardState(state);
        storage.append(entries);
        try (Wal wal =
                Wal.create(Disk.real(), dir.resolve("wal"), new byte[0], WalOptions.DEFAULTS)) {
            wal.save(state, entries);
            return ForceNewCluster.rewrite(storage, wal, self, applied);
        }
    }

    private List<ConfChange> changesFrom(long index) {
        return storage.entries(index, storage.lastIndex() + 1, Long.MAX_VALUE).stream()
                .map(e -> ConfChange.unmarshal(e.data()))
                .toList();
    }

    /** A commit index that alone rose isn't on disk: what the database holds was committed too. */
    @Test
    void whatTheDatabaseHoldsIsKept() {
        add(ConfChangeType.ADD_NODE, 1);
        add(ConfChangeType.ADD_NODE, 2);
        add(ConfChangeType.ADD_NODE, 3);
        write(5);
        assertThat(rewrite(4, 2, 7)).isEqualTo(9);
        assertThat(storage.hardState()).isEqualTo(new HardState(TERM, 0, 9));
        assertThat(storage.entries(7, 8, Long.MAX_VALUE).getFirst().type())
                .isEqualTo(EntryType.NORMAL);
        assertThat(changesFrom(8))
                .extracting(ConfChange::type, ConfChange::nodeId)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(ConfChangeType.REMOVE_NODE, 1L),
                        org.assertj.core.groups.Tuple.tuple(ConfChangeType.REMOVE_NODE, 3L));
    }

    @Test
    void aLearnerGetsItsVoteBeforeTheOthersGo() {
        add(ConfChangeType.ADD_NODE, 1);
        add(ConfChangeType.ADD_LEARNER_NODE, 2);
        assertThat(rewrite(2, 2, 2)).isEqualTo(4);
        assertThat(changesFrom(3))
                .extracting(ConfChange::type, ConfChange::nodeId)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(ConfChangeType.ADD_NODE, 2L),
                        org.assertj.core.groups.Tuple.tuple(ConfChangeType.REMOVE_NODE, 1L));
    }

    @Test
    void aRemovedMemberIsNoCluster() {
        add(ConfChangeType.ADD_NODE, 1);
        add(ConfChangeType.ADD_NODE, 2);
        add(ConfChangeType.REMOVE_NODE, 2);
        assertThatThrownBy(() -> rewrite(3, 2, 3))
                .isInstanceOf(BootException.class)
                .hasMessageContaining("it was removed");
    }
}
