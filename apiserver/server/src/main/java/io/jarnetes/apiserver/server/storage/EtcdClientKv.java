package io.jarnetes.apiserver.server.storage;

import io.jarnetes.etcd.client.Compare;
import io.jarnetes.etcd.client.EtcdClient;
import io.jarnetes.etcd.client.EtcdException;
import io.jarnetes.etcd.client.KeyValue;
import io.jarnetes.etcd.client.Keys;
import io.jarnetes.etcd.client.Op;
import io.jarnetes.etcd.client.OpResult;
import io.jarnetes.etcd.client.RangeOptions;
import io.jarnetes.etcd.client.WatchClient;
import io.jarnetes.etcd.client.WatchListener;
import io.jarnetes.etcd.client.WatchOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** {@link EtcdKv} over gRPC. Thread-safe; the client is the owner's to close. */
public final class EtcdClientKv implements EtcdKv {

    private final EtcdClient client;
    private final Set<WatchClient.Watch> watches = ConcurrentHashMap.newKeySet();

    public EtcdClientKv(EtcdClient client) {
        this.client = client;
    }

    @Override
    public Got get(String key) {
        OpResult.Range range = await(client.kv().range(RangeOptions.key(Keys.utf8(key))));
        return new Got(kvOrNull(range.first()), range.header().revision());
    }

    @Override
    public Page range(String from, String end, long limit, long revision) {
        RangeOptions options =
                RangeOptions.range(Keys.utf8(from), Keys.utf8(end))
                        .withLimit(limit)
                        .atRevision(revision);
        OpResult.Range range = await(client.kv().range(options));
        List<Kv> kvs = range.kvs().stream().map(EtcdClientKv::kv).toList();
        return new Page(kvs, range.more(), range.count(), range.header().revision());
    }

    @Override
    public long count(String from, String end) {
        RangeOptions options = RangeOptions.range(Keys.utf8(from), Keys.utf8(end)).asCountOnly();
        return await(client.kv().range(options)).count();
    }

    @Override
    public long revision() {
        // A key that is never there: nothing but the header comes back.
        return await(client.kv().range(RangeOptions.key(new byte[] {0}))).header().revision();
    }

    @Override
    public Outcome putIf(String key, byte[] value, long expected, long lease) {
        byte[] name = Keys.utf8(key);
        return conditional(Compare.modRevisionIs(name, expected), Op.put(name, value, lease), name);
    }

    @Override
    public Outcome createAll(List<Creation> creations) {
        List<Compare> compares = new ArrayList<>();
        List<Op> puts = new ArrayList<>();
        for (Creation creation : creations) {
            byte[] name = Keys.utf8(creation.key());
            compares.add(Compare.modRevisionIs(name, 0));
            puts.add(Op.put(name, creation.value(), creation.lease()));
        }
        OpResult.Txn result = await(client.kv().txn(new Op.Txn(compares, puts, List.of())));
        return new Outcome(result.succeeded(), null, result.header().revision());
    }

    @Override
    public Outcome deleteIf(String key, long expected) {
        byte[] name = Keys.utf8(key);
        return conditional(Compare.modRevisionIs(name, expected), Op.delete(name), name);
    }

    @Override
    public Outcome putIfVersion(String key, byte[] value, long expectedVersion) {
        byte[] name = Keys.utf8(key);
        Compare compare =
                Compare.of(name, Compare.Target.VERSION, Compare.Result.EQUAL, expectedVersion);
        return conditional(compare, Op.put(name, value), name);
    }

    private Outcome conditional(Compare compare, Op write, byte[] name) {
        Op.Txn txn = new Op.Txn(List.of(compare), List.of(write), List.of(Op.get(name)));
        OpResult.Txn result = await(client.kv().txn(txn));
        Kv current = null;
        if (!result.succeeded() && result.results().getFirst() instanceof OpResult.Range range) {
            current = kvOrNull(range.first());
        }
        return new Outcome(result.succeeded(), current, result.header().revision());
    }

    @Override
    public long put(String key, byte[] value, long lease) {
        Op.Put put = new Op.Put(Keys.utf8(key), value, lease, false, false, false);
        return await(client.kv().put(put)).header().revision();
    }

    @Override
    public void delete(String key) {
        await(client.kv().delete(Keys.utf8(key)));
    }

    @Override
    public Watch watch(String prefix, long start, Listener listener) {
        WatchOptions options =
                WatchOptions.prefix(Keys.utf8(prefix)).withProgressNotify().from(start);
        WatchClient.Watch watch = client.watch().start(options, new Translator(listener));
        watches.add(watch);
        return () -> {
            watches.remove(watch);
            watch.close();
        };
    }

    @Override
    public void requestProgress() {
        watches.forEach(WatchClient.Watch::requestProgress);
    }

    @Override
    public long grant(long ttlSeconds) {
        return await(client.lease().grant(ttlSeconds, 0)).id();
    }

    @Override
    public void revoke(long lease) {
        await(client.lease().revoke(lease));
    }

    @Override
    public void compact(long revision) {
        await(client.kv().compact(revision, false));
    }

    private static <T> T await(CompletableFuture<T> future) {
        try {
            return EtcdClient.await(future);
        } catch (EtcdException e) {
            throw translate(e);
        }
    }

    private static StorageException translate(EtcdException e) {
        String message = String.valueOf(e.getMessage());
        if (e.isCompacted()) {
            return new StorageException(StorageException.Kind.EXPIRED, message, e);
        }
        StorageException.Kind kind =
                switch (e.code()) {
                    case OUT_OF_RANGE -> StorageException.Kind.TOO_LARGE_REVISION;
                    case DEADLINE_EXCEEDED, CANCELLED -> StorageException.Kind.TIMEOUT;
                    default -> StorageException.Kind.UNAVAILABLE;
                };
        return new StorageException(kind, message, e);
    }

    private static @Nullable Kv kvOrNull(@Nullable KeyValue kv) {
        return kv == null ? null : kv(kv);
    }

    private static Kv kv(KeyValue kv) {
        return new Kv(
                new String(kv.key(), StandardCharsets.UTF_8),
                kv.value(),
                kv.modRevision(),
                kv.createRevision(),
                kv.version());
    }

    /** From the client's words to ours. */
    private record Translator(Listener listener) implements WatchListener {

        @Override
        public void onEvents(long revision, List<WatchListener.Event> events) {
            List<EtcdKv.Event> translated =
                    events.stream()
                            .map(e ->
                                    new EtcdKv.Event(
                                            e.deleted(), kv(e.kv()), kvOrNull(e.previous())))
                            .toList();
            // The header's revision may run ahead of what a slow watch has been told.
            long seen = translated.getLast().kv().modRevision();
            listener.onBatch(new Batch(translated, seen));
        }

        @Override
        public void onProgress(long revision) {
            listener.onBatch(new Batch(List.of(), revision));
        }

        @Override
        public void onClosed(long compactRevision, @Nullable EtcdException reason) {
            if (reason != null) {
                listener.onFailure(translate(reason));
            }
        }
    }
}
