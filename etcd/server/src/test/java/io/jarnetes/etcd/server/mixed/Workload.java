package io.jarnetes.etcd.server.mixed;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.jarnetes.base.Eventually;
import io.jarnetes.etcd.proto.etcdserverpb.CompactionRequest;
import io.jarnetes.etcd.proto.etcdserverpb.DefragmentRequest;
import io.jarnetes.etcd.proto.etcdserverpb.DeleteRangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Everything that a client may ask for, at random and from a seed, of any member that runs. What is
 * refused is refused: the members must only be of one mind about it, which {@link Agreement} tells.
 */
final class Workload {
    /** What a step may be. */
    enum Kind {
        PUT(30),
        DELETE(8),
        TXN(25),
        LEASE(12),
        COMPACT(3),
        AUTH(14),
        AUTHENTICATED(2),
        ALARM(2);

        private final int weight;

        Kind(int weight) {
            this.weight = weight;
        }
    }

    /** What goes on while authentication is on, or an alarm is raised. */
    private static final List<Kind> ALLOWED =
            List.of(Kind.PUT, Kind.DELETE, Kind.TXN, Kind.TXN, Kind.LEASE, Kind.COMPACT, Kind.AUTH);

    private static final int STEPS_UNDER_ALARM = 4;
    private static final int STEPS_LOGGED_IN = 12;

    /** What {@link #outgrow} fills databases up to. */
    static final long QUOTA_BYTES = 4 << 20;

    private static final ByteString LARGE_KEY = ByteString.copyFromUtf8("large");
    private static final int LARGE_BYTES = 500_000;

    private final Cluster cluster;
    private final Random random;
    private final List<Long> leases = new ArrayList<>();
    private final RandomRequests requests;
    private final LeaseTraffic leaseTraffic;
    private final AuthTraffic auth;
    private final AlarmTraffic alarms;
    private final Map<Kind, Integer> answered = new EnumMap<>(Kind.class);
    private boolean rootIsThere;

    Workload(Cluster cluster, long seed) {
        this.cluster = cluster;
        this.random = new Random(seed);
        this.requests = new RandomRequests(random, leases);
        this.leaseTraffic = new LeaseTraffic(random, leases);
        this.auth = new AuthTraffic(random, requests);
        this.alarms = new AlarmTraffic(random);
    }

    /** Does so many steps. */
    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step(kind());
        }
    }

    /** How many steps of each kind were answered, and not refused. */
    Map<Kind, Integer> answered() {
        return Map.copyOf(answered);
    }

    private Kind kind() {
        int total = 0;
        for (Kind kind : Kind.values()) {
            total += kind.weight;
        }
        int at = random.nextInt(total);
        for (Kind kind : Kind.values()) {
            at -= kind.weight;
            if (at < 0) {
                return kind;
            }
        }
        throw new IllegalStateException("weights changed while they were read");
    }

    private Endpoint any() {
        List<Node> running = cluster.running();
        return cluster.endpoint(running.get(random.nextInt(running.size())));
    }

    private void step(Kind kind) {
        step(kind, any());
    }

    private void step(Kind kind, Endpoint e) {
        try {
            switch (kind) {
                case PUT -> e.kv().put(requests.put());
                case DELETE -> e.kv().deleteRange(requests.delete());
                case TXN -> e.kv().txn(requests.txn());
                case LEASE -> leaseTraffic.step(e);
                case COMPACT -> compact(e);
                case AUTH -> auth.change(e);
                case AUTHENTICATED -> authenticated(e);
                case ALARM -> alarm(e);
            }
            answered.merge(kind, 1, Integer::sum);
        } catch (StatusRuntimeException refusal) {
            requireRefusal(refusal);
        }
    }

    /** Refusals are answers, and requests may be lost when leaders change; all else is a fault. */
    private static void requireRefusal(StatusRuntimeException refusal) {
        switch (refusal.getStatus().getCode()) {
            case INTERNAL, CANCELLED, UNIMPLEMENTED -> throw refusal;
            default -> {}
        }
    }

    /** Does what the run can't go on without, through a change of leaders too. */
    private static void insist(String what, Runnable step) {
        Eventually.until(
                what,
                () -> {
                    step.run();
                    return true;
                });
    }

    private void compact(Endpoint e) {
        long now = e.status().getHeader().getRevision();
        e.kv().compact(
                        CompactionRequest.newBuilder()
                                .setRevision(Math.max(1, now - random.nextInt(60)))
                                .setPhysical(random.nextBoolean())
                                .build());
    }

    private List<Long> memberIds() {
        return cluster.running().stream()
                .map(node -> cluster.endpoint(node).status().getHeader().getMemberId())
                .toList();
    }

    /** Some steps under one alarm or two, most of which are refused. */
    private void alarm(Endpoint e) {
        alarms.raise(e, memberIds());
        allowedSteps();
        if (random.nextBoolean()) {
            attempt(() -> alarms.raise(any(), memberIds()));
            allowedSteps();
            attempt(() -> alarms.lowerOne(any()));
            allowedSteps();
        }
        Eventually.until("the alarms to go", () -> alarms.lowerAll(any()));
    }

    private void allowedSteps() {
        for (int i = 0; i < STEPS_UNDER_ALARM; i++) {
            step(ALLOWED.get(random.nextInt(ALLOWED.size())));
        }
    }

    /**
     * Writes until the members say themselves that space is out, goes on for some steps, and makes
     * room again: their databases are of different sizes, what they hold must not be.
     */
    void outgrow() {
        Eventually.until(
                "the quota to be exceeded",
                () -> {
                    try {
                        any().kv()
                                .put(
                                        PutRequest.newBuilder()
                                                .setKey(LARGE_KEY)
                                                .setValue(
                                                        ByteString.copyFrom(new byte[LARGE_BYTES]))
                                                .build());
                        return false;
                    } catch (StatusRuntimeException refusal) {
                        requireRefusal(refusal);
                        return refusal.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED;
                    }
                });
        allowedSteps();
        Eventually.until("room to be made", this::makeRoom);
    }

    private boolean makeRoom() {
        Endpoint e = any();
        var gone = e.kv().deleteRange(DeleteRangeRequest.newBuilder().setKey(LARGE_KEY).build());
        try {
            e.kv().compact(
                            CompactionRequest.newBuilder()
                                    .setRevision(gone.getHeader().getRevision())
                                    .setPhysical(true)
                                    .build());
        } catch (StatusRuntimeException refusal) {
            requireRefusal(refusal);
        }
        cluster.running()
                .forEach(node ->
                        cluster.endpoint(node)
                                .maintenance()
                                .defragment(DefragmentRequest.getDefaultInstance()));
        boolean none = alarms.lowerAll(e);
        e.kv().put(PutRequest.newBuilder().setKey(LARGE_KEY).build());
        return none;
    }

    /** Some steps with authentication on, as root, as somebody, as nobody; at times under alarm. */
    private void authenticated(Endpoint e) {
        if (!rootIsThere) {
            insist("a root user", () -> auth.prepare(e));
            rootIsThere = true;
        }
        insist("authentication to come on", () -> auth.enable(e));
        try {
            auth.becomeRootEverywhere(
                    e, cluster.running().stream().map(cluster::endpoint).toList());
            boolean alarmed = random.nextInt(3) == 0;
            if (alarmed) {
                attempt(() -> alarms.raise(e, memberIds()));
            }
            for (int i = 0; i < STEPS_LOGGED_IN; i++) {
                loggedIn(cluster.running().get(random.nextInt(cluster.running().size())));
            }
            if (alarmed) {
                Eventually.until(
                        "the alarms to go",
                        () -> {
                            auth.becomeRoot(e);
                            return alarms.lowerAll(e);
                        });
            }
        } finally {
            cluster.running().forEach(node -> cluster.endpoint(node).as(null));
            insist("authentication to go off", () -> auth.disable(e));
        }
    }

    private void loggedIn(Node node) {
        Endpoint at = cluster.endpoint(node);
        switch (random.nextInt(4)) {
            case 0 -> at.as(null);
            case 1, 2 -> attempt(() -> auth.becomeSomebody(at));
            default -> attempt(() -> auth.becomeRoot(at));
        }
        Kind kind = ALLOWED.get(random.nextInt(ALLOWED.size()));
        if (kind != Kind.TXN) {
            step(kind, at);
        } else if (cluster.upstream().checksWithinTxns()) {
            // What may not be read, upstream's members part ways over.
            TxnRequest txn = requests.txn();
            TxnRequest asked =
                    node.make() == Make.GO ? RandomRequests.withoutOuterRanges(txn) : txn;
            attempt(() -> at.kv().txn(asked));
        }
    }

    /** Does something that may be refused. */
    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (StatusRuntimeException refusal) {
            requireRefusal(refusal);
        }
    }
}
