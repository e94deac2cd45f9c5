package io.jarnetes.etcd.server.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jarnetes.base.Eventually;
import io.jarnetes.etcd.proto.etcdserverpb.Compare;
import io.jarnetes.etcd.proto.etcdserverpb.Compare.CompareResult;
import io.jarnetes.etcd.proto.etcdserverpb.Compare.CompareTarget;
import io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeResponse;
import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import io.jarnetes.etcd.server.linearizability.Action;
import io.jarnetes.etcd.server.linearizability.History;
import io.jarnetes.etcd.server.linearizability.Linearizability;
import io.jarnetes.etcd.server.linearizability.Result;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Clients that write and read all the time, each of whatever member runs, and a record of what they
 * saw. Keys are few, values all different.
 */
final class Load implements AutoCloseable {
    private static final int CLIENTS = 4;
    private static final int KEYS = 5;
    private static final long PAUSE_NANOS = 4_000_000;

    /** Where a write was put in the order of all, and what it left there; null for a delete. */
    private record Written(String key, @Nullable String value) {}

    private final Cluster cluster;
    private final History history = new History();
    private final Map<Long, Written> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger clients = new AtomicInteger();
    private final AtomicInteger values = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Load(Cluster cluster, long seed) {
        this.cluster = cluster;
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(seed + i);
            threads.add(Thread.ofPlatform().name("load-" + i).start(() -> run(random)));
        }
    }

    /** How many writes were acknowledged so far. */
    int writes() {
        return acknowledged.size();
    }

    /** Waits until more writes were acknowledged than there are now: the cluster goes on. */
    void awaitProgress() {
        int now = writes();
        Eventually.until("ten more writes than " + now, () -> writes() >= now + 10);
    }

    private void run(Random random) {
        int client = clients.getAndIncrement();
        try {
            while (!stopped) {
                List<Node> running = cluster.running();
                if (!running.isEmpty()) {
                    Node node = running.get(random.nextInt(running.size()));
                    boolean known = step(random, client, cluster.endpoint(node));
                    client = known ? client : clients.getAndIncrement();
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    /** False if the outcome is unknown. */
    private boolean step(Random random, int client, Endpoint e) {
        String key = "load" + random.nextInt(KEYS);
        String value = "v" + values.incrementAndGet();
        Action action =
                switch (random.nextInt(10)) {
                    case 0 -> new Action.Delete(key);
                    case 1, 2 -> expecting(e, key, value);
                    case 3, 4, 5, 6 -> new Action.Put(key, value);
                    default -> new Action.Get(key);
                };
        History.Call call = history.call(client, System.nanoTime(), action);
        try {
            Result result = perform(action, e);
            call.ended(System.nanoTime(), result);
            return true;
        } catch (StatusRuntimeException x) {
            if (action instanceof Action.Get || neverSent(x)) {
                call.failed();
                return true;
            }
            call.unknown();
            return false;
        }
    }

    /** A compare that may well hold: with what a member has, even if it is behind. */
    private static Action expecting(Endpoint e, String key, String value) {
        try {
            return new Action.Cas(key, value(e.kv().range(get(key, true))), value);
        } catch (StatusRuntimeException x) {
            return new Action.Cas(key, null, value);
        }
    }

    private static boolean neverSent(StatusRuntimeException x) {
        if (x.getStatus().getCode() != Status.Code.UNAVAILABLE) {
            return false;
        }
        for (Throwable t = x.getStatus().getCause(); t != null; t = t.getCause()) {
            if (t instanceof ConnectException) {
                return true;
            }
        }
        return false;
    }

    private Result perform(Action action, Endpoint e) {
        return switch (action) {
            case Action.Get get -> Result.read(value(e.kv().range(get(get.key(), false))));
            case Action.Put put -> {
                var answer = e.kv().put(put(put.key(), put.value()));
                acknowledged(answer.getHeader().getRevision(), put.key(), put.value());
                yield Result.DONE;
            }
            case Action.Delete delete -> {
                var answer =
                        e.kv().deleteRange(
                                        DeleteRangeRequest.newBuilder()
                                                .setKey(bytes(delete.key()))
                                                .build());
                if (answer.getDeleted() > 0) {
                    acknowledged(answer.getHeader().getRevision(), delete.key(), null);
                }
                yield Result.changed(answer.getDeleted() > 0);
            }
            case Action.Cas cas -> {
                var answer = e.kv().txn(txn(cas));
                if (answer.getSucceeded()) {
                    acknowledged(answer.getHeader().getRevision(), cas.key(), cas.value());
                }
                yield Result.changed(answer.getSucceeded());
            }
        };
    }

    private void acknowledged(long revision, String key, @Nullable String value) {
        Written written = new Written(key, value);
        Written other = acknowledged.put(revision, written);
        assertThat(other).as("two writes at revision " + revision + ": " + written).isNull();
    }

    private static TxnRequest txn(Action.Cas cas) {
        Compare.Builder compare =
                Compare.newBuilder().setKey(bytes(cas.key())).setResult(CompareResult.EQUAL);
        if (cas.expected() == null) {
            compare.setTarget(CompareTarget.CREATE).setCreateRevision(0);
        } else {
            compare.setTarget(CompareTarget.VALUE).setValue(bytes(cas.expected()));
        }
        return TxnRequest.newBuilder()
                .addCompare(compare)
                .addSuccess(RequestOp.newBuilder().setRequestPut(put(cas.key(), cas.value())))
                .build();
    }

    private static RangeRequest get(String key, boolean serializable) {
        return RangeRequest.newBuilder().setKey(bytes(key)).setSerializable(serializable).build();
    }

    private static PutRequest put(String key, String value) {
        return PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes(value)).build();
    }

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static @Nullable String value(RangeResponse response) {
        return response.getKvsCount() == 0 ? null : response.getKvs(0).getValue().toStringUtf8();
    }

    /** Ends the clients; the cluster may be compared afterwards. */
    void stop() {
        stopped = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while clients end", e);
            }
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new AssertionError("a client failed", thrown);
        }
    }

    /**
     * Stops, and holds what the clients saw against what the members have: every acknowledged write
     * stands at its revision on each of them, and the whole is linearizable.
     */
    void verify() {
        stop();
        for (Node node : cluster.running()) {
            Map<Long, EventLog.Change> kept = EventLog.of(cluster.endpoint(node));
            acknowledged.forEach((revision, written) -> {
                EventLog.Change change = kept.get(revision);
                assertThat(change)
                        .as("%s at revision %s on %s", written, revision, node)
                        .isEqualTo(new EventLog.Change(written.key(), written.value()));
            });
        }
        Linearizability.verify(history.operations());
    }

    @Override
    public void close() {
        stopped = true;
    }
}
