package io.jarnetes.etcd.server.v3rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.mvcc.Event;
import io.jarnetes.etcd.storage.mvcc.KeyValue;
import io.jarnetes.etcd.storage.mvcc.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WatchQueueTest {

    private final WatchQueue queue = new WatchQueue();

    private static WatchResponse put(long watchId, long revision, int valueBytes) {
        KeyValue kv =
                new KeyValue(
                        ("k" + revision).getBytes(UTF_8),
                        revision,
                        revision,
                        1,
                        new byte[valueBytes],
                        0);
        return new WatchResponse(watchId, List.of(new Event(Event.Type.PUT, kv)), revision, 0);
    }

    private void offer(WatchResponse... responses) {
        for (WatchResponse response : responses) {
            assertThat(queue.offer(response)).isTrue();
        }
    }

    /** Each as {@code watcher: revisions of its events @ revision}. */
    private List<String> all() {
        List<String> found = new ArrayList<>();
        for (WatchResponse next = queue.poll(); next != null; next = queue.poll()) {
            List<Long> events = next.events().stream().map(e -> e.kv().modRevision()).toList();
            found.add(next.watchId() + ": " + events + " @ " + next.revision());
        }
        return found;
    }

    @Test
    void fewComeAsTheyAre() {
        for (int i = 1; i < WatchQueue.CROWD; i++) {
            offer(put(7, i, 10));
        }
        assertThat(all()).hasSize(WatchQueue.CROWD - 1).startsWith("7: [1] @ 1", "7: [2] @ 2");
    }

    @Test
    void aCrowdIsTakenAsOneInOrder() {
        for (int i = 1; i <= WatchQueue.CROWD; i++) {
            offer(put(7, i, 10));
        }
        assertThat(all())
                .containsExactly("7: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16] @ 16");
    }

    /** What is for another watcher, tells of progress or of a compaction stays what it is. */
    @Test
    void onlyWhatStandsInARowForOneWatcherIsTakenTogether() {
        offer(put(7, 1, 10), put(7, 2, 10), put(8, 2, 10), put(7, 3, 10));
        offer(new WatchResponse(7, List.of(), 3, 0), put(7, 4, 10), put(7, 5, 10));
        offer(new WatchResponse(7, List.of(), 9, 6));
        for (int i = 10; i < 10 + WatchQueue.CROWD; i++) {
            offer(put(9, i, 10));
        }
        assertThat(all())
                .startsWith(
                        "7: [1, 2] @ 2",
                        "8: [2] @ 2",
                        "7: [3] @ 3",
                        "7: [] @ 3",
                        "7: [4, 5] @ 5",
                        "7: [] @ 9")
                .hasSize(7);
    }

    @Test
    void oneResponseDoesNotGrowWithoutEnd() {
        int half = (int) (WatchQueue.MERGED_BYTES / 2);
        for (int i = 1; i <= WatchQueue.CROWD + 1; i++) {
            offer(put(7, i, half - 100));
        }
        assertThat(all()).startsWith("7: [1, 2] @ 2");
    }

    @Test
    void aFullOneTakesNoMore() {
        for (int i = 1; i <= WatchQueue.MOST; i++) {
            offer(put(7, i, 1));
        }
        assertThat(queue.offer(put(7, 5000, 1))).isFalse();
        assertThat(queue.poll()).isNotNull();
        assertThat(queue.offer(put(7, 5000, 1))).isTrue();
    }
}
