package io.jarnetes.etcd.storage.mvcc;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.View;
import io.jarnetes.etcd.storage.lease.Lessor;
import java.util.ArrayList;
import java.util.List;

/** The changes of one request. */
final class StoreWriteTxn implements WriteTxn {
    /** Makes a revision the current one, and tells the watchers. */
    @FunctionalInterface
    interface Publisher {
        void publish(long revision, List<Event> events);
    }

    private final Backend backend;
    private final KeyIndex index;
    private final Lessor lessor;
    private final View view;
    private final long beginRevision;
    private final long compactRevision;
    private final OperationCounts counts;
    private final Publisher publisher;
    private int ranges;
    private int puts;
    private int deletes;
    private long putBytes;
    private final List<Event> changes = new ArrayList<>(4);
    private boolean closed;

    StoreWriteTxn(
            Backend backend,
            KeyIndex index,
            Lessor lessor,
            long beginRevision,
            long compactRevision,
            OperationCounts counts,
            Publisher publisher) {
        this.backend = backend;
        this.index = index;
        this.lessor = lessor;
        this.view = backend.view();
        this.beginRevision = beginRevision;
        this.compactRevision = compactRevision;
        this.counts = counts;
        this.publisher = publisher;
    }

    @Override
    public StoredRange stored(KeyRange range, RangeOptions options) {
        ranges++;
        return StoreReadTxn.stored(index, view, revision(), compactRevision, range, options);
    }

    @Override
    public long put(byte[] key, byte[] value, long lease) {
        puts++;
        putBytes += key.length + value.length;
        long main = beginRevision + 1;
        long sub = changes.size();
        KeyHistory.Life life = index.put(key, main, sub);
        KeyValue kv = new KeyValue(key, life.created(), main, life.version(), value, lease);
        backend.put(Bucket.KEY, Revision.encode(main, sub, false), KeyValueCodec.encode(kv));
        changes.add(new Event(Event.Type.PUT, kv));
        lessor.attach(lease, key);
        return main;
    }

    @Override
    public DeleteResult deleteRange(KeyRange range) {
        deletes++;
        List<byte[]> keys = new ArrayList<>();
        index.visit(
                range,
                revision(),
                (key, found) -> {
                    keys.add(key);
                    return true;
                });
        for (byte[] key : keys) {
            delete(key);
        }
        return new DeleteResult(keys.size(), revision());
    }

    private void delete(byte[] key) {
        long main = beginRevision + 1;
        long sub = changes.size();
        backend.put(
                Bucket.KEY, Revision.encode(main, sub, true), KeyValueCodec.encodeTombstone(key));
        index.tombstone(key, main, sub);
        changes.add(new Event(Event.Type.DELETE, KeyValue.tombstone(key, main)));
        lessor.attach(0, key);
    }

    @Override
    public int changes() {
        return changes.size();
    }

    @Override
    public long revision() {
        return changes.isEmpty() ? beginRevision : beginRevision + 1;
    }

    @Override
    public long firstRevision() {
        return compactRevision;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        view.close();
        counts.changed(ranges, puts, deletes, putBytes);
        if (!changes.isEmpty()) {
            publisher.publish(beginRevision + 1, changes);
        }
    }
}
