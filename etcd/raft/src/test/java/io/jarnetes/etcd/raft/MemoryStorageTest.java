package io.jarnetes.etcd.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class MemoryStorageTest {
    private static List<Entry> entries(long term, long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(i -> new Entry(EntryType.NORMAL, term, i, new byte[] {(byte) i}))
                .toList();
    }

    @Test
    void anAppendReplacesWhatItOverlaps() {
        MemoryStorage log = new MemoryStorage();
        log.append(entries(1, 1, 5));
        log.append(entries(2, 3, 4));
        assertThat(log.lastIndex()).isEqualTo(4);
        assertThat(log.term(2)).isEqualTo(1);
        assertThat(log.term(3)).isEqualTo(2);
        assertThatThrownBy(() -> log.append(entries(2, 6, 6)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("append at: 6");
    }

    @Test
    void compactionKeepsTheTermBeforeTheFirst() {
        MemoryStorage log = new MemoryStorage();
        log.append(entries(1, 1, 5));
        List<Entry> handedOut = log.entries(1, 6, Config.NO_LIMIT);
        log.createSnapshot(4, ConfState.ofVoters(List.of(1L)), new byte[] {9});
        log.compact(3);
        assertThat(log.firstIndex()).isEqualTo(4);
        assertThat(log.term(3)).isEqualTo(1);
        assertThat(handedOut).hasSize(5);
        assertThatThrownBy(() -> log.term(2)).isInstanceOf(StorageException.Compacted.class);
        assertThatThrownBy(() -> log.entries(3, 5, 10))
                .isInstanceOf(StorageException.Compacted.class);
        assertThatThrownBy(() -> log.entries(5, 7, 10))
                .isInstanceOf(StorageException.Unavailable.class);
        log.append(entries(1, 2, 6));
        assertThat(log.firstIndex()).isEqualTo(4);
        assertThat(log.lastIndex()).isEqualTo(6);
    }

    @Test
    void entriesAreLimitedButNeverNone() {
        MemoryStorage log = new MemoryStorage();
        log.append(entries(1, 1, 5));
        int one = log.entries(1, 2, 1).getFirst().sizeBytes();
        assertThat(log.entries(1, 6, 0)).hasSize(1);
        assertThat(log.entries(1, 6, 2L * one)).hasSize(2);
    }
}
