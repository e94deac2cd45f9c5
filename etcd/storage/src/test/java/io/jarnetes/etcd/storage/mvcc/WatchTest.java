package io.jarnetes.etcd.storage.mvcc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import io.jarnetes.etcd.storage.lease.Lessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class WatchTest {
    private final Backend backend = Backend.over(new MemoryFile(), BackendOptions.defaults());
    private final Mvcc store = Mvcc.open(backend, Lessor.open(backend, 1, () -> 0));
    private final List<WatchResponse> received = new ArrayList<>();
    private int room = Integer.MAX_VALUE;
    private final WatchStream stream = store.newWatchStream(this::offer);

    private boolean offer(WatchResponse response) {
        if (room == 0) {
            return false;
        }
        room--;
        received.add(response);
        return true;
    }

    private static byte[] b(String text) {
        return text.getBytes(UTF_8);
    }

    private long watch(String key, String end, long revision, WatchFilter... filters) {
        return stream.watch(0, KeyRange.of(b(key), b(end)), revision, Set.of(filters));
    }

    private void put(String key, String value) {
        store.put(b(key), b(value), 0);
    }

    private void sync() {
        while (store.syncWatchers()) {}
    }

    /** What came, as watcher, revision of the response, and events. */
    private List<String> taken() {
        List<String> texts = new ArrayList<>();
        for (WatchResponse response : received) {
            String events =
                    response.events().stream()
                            .map(event ->
                                    event.type()
                                            + " "
                                            + new String(event.kv().key(), UTF_8)
                                            + "@"
                                            + event.kv().modRevision())
                            .collect(Collectors.joining(", "));
            texts.add(response.watchId() + " " + response.revision() + " [" + events + "]");
        }
        received.clear();
        return texts;
    }

    @Test
    void aWatcherInStepHearsOfItsKeysAlone() {
        watch("a", "", 0);
        watch("a", "c", 0);
        put("a", "1");
        put("b", "1");
        put("c", "1");
        store.deleteRange(KeyRange.of(b("a"), b("z")));

        assertThat(taken())
                .containsExactlyInAnyOrder(
                        "0 2 [PUT a@2]",
                        "1 2 [PUT a@2]",
                        "1 3 [PUT b@3]",
                        "0 5 [DELETE a@5]",
                        "1 5 [DELETE a@5, DELETE b@5]");
    }

    @Test
    void aTransactionComesWhole() {
        watch("a", "z", 0);
        try (WriteTxn txn = store.write()) {
            txn.put(b("a"), b("1"), 0);
            txn.put(b("b"), b("1"), 0);
        }
        assertThat(taken()).containsExactly("0 2 [PUT a@2, PUT b@2]");
    }

    @Test
    void thePastIsServedInBatchesAndThenThePresent() {
        for (int i = 0; i < 2500; i++) {
            put("k", "" + i);
        }
        watch("k", "", 3);
        put("k", "more");
        assertThat(received).isEmpty();
        sync();
        assertThat(received.stream().map(response -> response.events().size()))
                .containsExactly(1000, 1000, 500);
        assertThat(received.stream().map(WatchResponse::revision))
                .containsExactly(1002L, 2002L, 2502L);
        assertThat(store.watcherCounts()).isEqualTo(new Mvcc.WatcherCounts(1, 0));
        received.clear();
        put("k", "last");
        assertThat(taken()).containsExactly("0 2503 [PUT k@2503]");
    }

    @Test
    void aWatcherOfTheFutureWaits() {
        watch("k", "", 4);
        put("k", "2");
        put("k", "3");
        assertThat(taken()).isEmpty();
        stream.requestProgress(0);
        assertThat(taken()).as("no progress before its start").isEmpty();
        put("k", "4");
        assertThat(taken()).containsExactly("0 4 [PUT k@4]");
    }

    @Test
    void aCompactedStartIsToldAndGone() {
        put("k", "2");
        put("k", "3");
        put("k", "4");
        store.compact(3);
        watch("k", "", 2);
        watch("k", "", 3);
        sync();
        assertThat(received.getFirst()).isEqualTo(new WatchResponse(0, List.of(), 0, 3));
        received.removeFirst();
        assertThat(taken()).containsExactly("1 4 [PUT k@3, PUT k@4]");
        assertThat(store.watcherCounts().total()).isEqualTo(1);
        stream.cancel(0);
    }

    @Test
    void aRefusedResponseComesBeforeLaterOnes() {
        watch("k", "", 0);
        room = 1;
        put("k", "2");
        put("k", "3");
        put("k", "4");
        assertThat(taken()).containsExactly("0 2 [PUT k@2]");
        assertThat(store.watcherCounts()).isEqualTo(new Mvcc.WatcherCounts(1, 1));
        assertThat(store.syncVictims()).isTrue();
        room = Integer.MAX_VALUE;
        assertThat(store.syncVictims()).isFalse();
        sync();
        assertThat(taken()).containsExactly("0 3 [PUT k@3]", "0 4 [PUT k@4]");
    }

    @Test
    void aRefusedBatchOfThePastIsNotLost() {
        put("k", "2");
        put("k", "3");
        watch("k", "", 2);
        room = 0;
        assertThat(store.syncWatchers()).isFalse();
        put("k", "4");
        room = Integer.MAX_VALUE;
        store.syncVictims();
        sync();
        assertThat(taken()).containsExactly("0 3 [PUT k@2, PUT k@3]", "0 4 [PUT k@4]");
    }

    @Test
    void filtersDropEventsAndWhatIsEmptyIsNotSent() {
        watch("k", "", 0, WatchFilter.NOPUT);
        watch("k", "", 0, WatchFilter.NODELETE);
        put("k", "2");
        store.deleteRange(KeyRange.of(b("k")));
        assertThat(taken()).containsExactly("1 2 [PUT k@2]", "0 3 [DELETE k@3]");
    }

    @Test
    void progressComesWhenAllAreInStep() {
        assertThat(stream.requestProgressAll()).isTrue();
        assertThat(taken()).as("nobody to tell").isEmpty();
        put("k", "2");
        watch("k", "", 0);
        watch("k", "", 2);
        assertThat(stream.requestProgressAll()).isFalse();
        sync();
        received.clear();
        assertThat(stream.requestProgressAll()).isTrue();
        stream.requestProgress(1);
        assertThat(taken()).containsExactly("-1 2 []", "1 2 []");
    }

    @Test
    void idsAreChosenOrGivenAndNotUsedTwice() {
        assertThat(watch("a", "", 0)).isEqualTo(0);
        assertThat(stream.watch(1, KeyRange.of(b("a")), 0, Set.of())).isEqualTo(1);
        assertThat(watch("a", "", 0)).isEqualTo(2);
        assertThatThrownBy(() -> stream.watch(2, KeyRange.of(b("a")), 0, Set.of()))
                .hasMessage("mvcc: duplicate watch ID provided on the WatchStream");
        assertThatThrownBy(() -> watch("b", "a", 0)).hasMessage("mvcc: watcher range is empty");
        stream.cancel(1);
        assertThatThrownBy(() -> stream.cancel(1)).isInstanceOf(MvccException.class);
        put("a", "1");
        assertThat(taken()).hasSize(2);
        stream.close();
        put("a", "2");
        assertThat(taken()).isEmpty();
        assertThat(store.watcherCounts().total()).isZero();
    }

    @Test
    void thePairBeforeAnEventIsFound() {
        put("k", "1");
        put("k", "2");
        watch("k", "", 2);
        sync();
        store.deleteRange(KeyRange.of(b("k")));
        List<Event> events = received.stream().flatMap(r -> r.events().stream()).toList();
        assertThat(store.previous(events.get(0))).isNull();
        assertThat(store.previous(events.get(1)))
                .isEqualTo(new KeyValue(b("k"), 2, 2, 1, b("1"), 0));
        assertThat(store.previous(events.get(2)))
                .isEqualTo(new KeyValue(b("k"), 2, 3, 2, b("2"), 0));
        store.compact(4);
        assertThat(store.previous(events.get(2))).isNull();
    }

    @Test
    void afterARestoreWatchersReadWhatTheyMissed() {
        put("k", "2");
        watch("k", "", 0);
        MemoryFile file = new MemoryFile();
        Backend other = Backend.over(file, BackendOptions.defaults());
        Mvcc source = Mvcc.open(other, Lessor.open(other, 1, () -> 0));
        for (int i = 2; i < 6; i++) {
            source.put(b("k"), b("" + i), 0);
        }
        store.restore(other);
        assertThat(store.revision()).isEqualTo(5);
        sync();
        assertThat(taken()).containsExactly("0 5 [PUT k@3, PUT k@4, PUT k@5]");
    }
}
