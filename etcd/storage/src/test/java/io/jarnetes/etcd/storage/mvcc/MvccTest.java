package io.jarnetes.etcd.storage.mvcc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import io.jarnetes.etcd.storage.lease.Lessor;
import java.util.List;
import org.junit.jupiter.api.Test;

class MvccTest {
    private MemoryFile file = new MemoryFile();
    private Backend backend = Backend.over(file, BackendOptions.defaults());
    private Lessor lessor = Lessor.open(backend, 1, () -> 0);
    private Mvcc store = Mvcc.open(backend, lessor);

    static byte[] b(String text) {
        return text.getBytes(UTF_8);
    }

    private static List<String> keys(RangeResult result) {
        return result.kvs().stream().map(kv -> new String(kv.key(), UTF_8)).toList();
    }

    private KeyValue get(String key, long revision) {
        return store.range(KeyRange.of(b(key)), RangeOptions.at(revision)).kvs().getFirst();
    }

    private void reopen() {
        backend.commit();
        file = file.copy();
        backend = Backend.over(file, BackendOptions.defaults());
        lessor = Lessor.open(backend, 1, () -> 0);
        store = Mvcc.open(backend, lessor);
    }

    @Test
    void aNewStoreIsAtRevisionOne() {
        assertThat(store.revision()).isEqualTo(1);
        assertThat(store.compactRevision()).isEqualTo(-1);
    }

    @Test
    void putsCountVersionsAndADeletionBeginsAnew() {
        store.put(b("k"), b("1"), 0);
        store.put(b("k"), b("2"), 0);
        store.deleteRange(KeyRange.of(b("k")));
        store.put(b("k"), b("3"), 0);

        assertThat(get("k", 2)).isEqualTo(new KeyValue(b("k"), 2, 2, 1, b("1"), 0));
        assertThat(get("k", 3)).isEqualTo(new KeyValue(b("k"), 2, 3, 2, b("2"), 0));
        assertThat(store.range(KeyRange.of(b("k")), RangeOptions.at(4)).count()).isZero();
        assertThat(get("k", 0)).isEqualTo(new KeyValue(b("k"), 5, 5, 1, b("3"), 0));
    }

    @Test
    void aDeletionOfNothingKeepsTheRevision() {
        assertThat(store.deleteRange(KeyRange.of(b("k")))).isEqualTo(new DeleteResult(0, 1));
        assertThat(store.revision()).isEqualTo(1);
    }

    @Test
    void aTransactionIsOneRevisionAndSeesItself() {
        store.put(b("a"), b("0"), 0);
        try (WriteTxn txn = store.write()) {
            assertThat(txn.put(b("b"), b("1"), 0)).isEqualTo(3);
            assertThat(keys(txn.range(KeyRange.all(), RangeOptions.LATEST)))
                    .containsExactly("a", "b");
            assertThat(txn.deleteRange(KeyRange.of(b("a")))).isEqualTo(new DeleteResult(1, 3));
            assertThat(keys(txn.range(KeyRange.all(), RangeOptions.LATEST))).containsExactly("b");
            assertThat(keys(store.range(KeyRange.all(), RangeOptions.LATEST)))
                    .as("others see nothing before it ends")
                    .containsExactly("a");
        }
        assertThat(store.revision()).isEqualTo(3);
        assertThat(keys(store.range(KeyRange.all(), RangeOptions.LATEST))).containsExactly("b");
        assertThat(keys(store.range(KeyRange.all(), RangeOptions.at(2)))).containsExactly("a");
    }

    @Test
    void limitsDoNotChangeTheCount() {
        for (String key : List.of("c", "a", "b", "d")) {
            store.put(b(key), b("v"), 0);
        }
        RangeResult result =
                store.range(KeyRange.of(b("a"), b("d")), new RangeOptions(2, 0, false, true));

        assertThat(keys(result)).containsExactly("a", "b");
        assertThat(result.count()).isEqualTo(3);
        assertThat(result.kvs().getFirst().value()).isEmpty();
        assertThat(store.range(KeyRange.all(), new RangeOptions(0, 0, true, false)))
                .isEqualTo(new RangeResult(List.of(), 5, 4));
        assertThat(store.range(KeyRange.of(b("d"), b("a")), RangeOptions.LATEST).count()).isZero();
    }

    @Test
    void theFutureAndTheCompactedAreRefused() {
        store.put(b("k"), b("1"), 0);
        store.put(b("k"), b("2"), 0);
        store.compact(3);

        assertThatThrownBy(() -> get("k", 4))
                .hasMessage("mvcc: required revision is a future revision");
        assertThatThrownBy(() -> get("k", 2))
                .hasMessage("mvcc: required revision has been compacted");
        assertThat(get("k", 3).value()).isEqualTo(b("2"));
        assertThatThrownBy(() -> store.compact(3)).isInstanceOf(MvccException.class);
        assertThatThrownBy(() -> store.compact(4)).isInstanceOf(MvccException.class);
    }

    @Test
    void compactionRemovesWhatNobodyCanRead() {
        store.put(b("k"), b("1"), 0);
        store.put(b("k"), b("2"), 0);
        store.put(b("gone"), b("x"), 0);
        store.deleteRange(KeyRange.of(b("gone")));
        store.put(b("k"), b("3"), 0);
        store.compact(5);
        assertThat(store.compactStep()).as("waits for the commit").isTrue();
        backend.commit();
        while (store.compactStep()) {}
        backend.commit();

        assertThat(store.finishedCompactRevision()).isEqualTo(5);
        assertThat(get("k", 5).value()).isEqualTo(b("2"));
        assertThat(Stored.revisions(backend)).containsExactly("3/0", "5/0t", "6/0");

        reopen();
        assertThat(store.compactRevision()).isEqualTo(5);
        assertThat(get("k", 5)).isEqualTo(new KeyValue(b("k"), 2, 3, 2, b("2"), 0));
        assertThat(get("k", 6)).isEqualTo(new KeyValue(b("k"), 2, 6, 3, b("3"), 0));
    }

    @Test
    void compactionWaitsForThoseWhoStillRead() {
        store.put(b("k"), b("1"), 0);
        try (ReadTxn reader = store.read()) {
            store.put(b("k"), b("2"), 0);
            store.compact(3);
            backend.commit();
            assertThat(store.compactStep()).isTrue();
            assertThat(reader.range(KeyRange.of(b("k")), RangeOptions.LATEST).kvs().getFirst())
                    .isEqualTo(new KeyValue(b("k"), 2, 2, 1, b("1"), 0));
        }
        while (store.compactStep()) {}
        backend.commit();
        assertThat(Stored.revisions(backend)).containsExactly("3/0");
    }

    @Test
    void aScheduledCompactionIsResumedAfterACrash() {
        for (int i = 0; i < 10; i++) {
            store.put(b("k"), b("" + i), 0);
        }
        store.compact(11);
        reopen();

        assertThat(store.compactRevision()).isEqualTo(11);
        assertThat(store.compactStep()).isTrue();
        backend.commit();
        while (store.compactStep()) {}
        backend.commit();
        assertThat(Stored.revisions(backend)).containsExactly("11/0");
    }

    @Test
    void theCheckerFindsWhatIsLostAndWhatIsDamaged() {
        store.put(b("k"), b("1"), 0);
        store.put(b("k"), b("2"), 0);
        assertThat(store.check()).isEmpty();
        backend.commit();
        backend.delete(Bucket.KEY, Revision.encode(3));
        backend.commit();
        assertThat(store.check()).singleElement().asString().contains("3/0", "not stored");
        backend.put(Bucket.KEY, Revision.encode(5), KeyValueCodec.encodeTombstone(b("k")));
        assertThat(store.check())
                .anyMatch(fault -> fault.contains("beyond the current revision"))
                .anyMatch(fault -> fault.contains("at another revision"));
    }

    @Test
    void leasesAreFoundAgainOnOpening() {
        lessor.grant(7, 10);
        store.put(b("a"), b("1"), 7);
        store.put(b("b"), b("1"), 7);
        store.put(b("b"), b("1"), 0);
        reopen();

        assertThat(lessor.leaseOf(b("a"))).isEqualTo(7);
        assertThat(lessor.leaseOf(b("b"))).isZero();

        lessor.revoke(7, store);
        assertThat(store.range(KeyRange.of(b("a")), RangeOptions.LATEST).count()).isZero();
        assertThat(lessor.exists(7)).isFalse();
    }
}
