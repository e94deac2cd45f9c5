package io.jarnetes.etcd.server.mixed;

import io.grpc.StatusRuntimeException;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmMember;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmRequest;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmRequest.AlarmAction;
import io.jarnetes.etcd.proto.etcdserverpb.AlarmType;
import io.jarnetes.etcd.proto.etcdserverpb.CompactionRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

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
            List.of(Kind.PUT, Kind.DELETE, Kind.TXN, Kind.LEASE, Kind.AUTH);

    private final Cluster cluster;
    private final Random random;
    private final List<Long> leases = new ArrayList<>();
    private final RandomRequests requests;
    private final LeaseTraffic leaseTraffic;
    private final AuthTraffic auth;
    private final Map<Kind, Integer> answered = new EnumMap<>(Kind.class);
    private boolean rootIsThere;

    Workload(Cluster cluster, long seed) {
        this.cluster = cluster;
        this.random = new Random(seed);
        this.requests = new RandomRequests(random, leases);
        this.leaseTraffic = new LeaseTraffic(random, leases);
        this.auth = new AuthTraffic(random, requests);
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
        Waits.until(
                what,
                () -> {
                    step.run();
                    return true;
                });
    }

    private void compact(Endpoint e) {
        long now =
                e.kv().range(RangeRequest.newBuilder().setKey(requests.key()).build())
                        .getHeader()
                        .getRevision();
        e.kv().compact(
                        CompactionRequest.newBuilder()
                                .setRevision(Math.max(1, now - random.nextInt(60)))
                                .setPhysical(random.nextBoolean())
                                .build());
    }

    /** Some steps under an alarm, most of which are refused. */
    private void alarm(Endpoint e) {
        AlarmType type = random.nextInt(3) == 0 ? AlarmType.CORRUPT : AlarmType.NOSPACE;
        long member = e.status().getHeader().getMemberId();
        AlarmMember raised =
                e.maintenance().alarm(alarm(AlarmAction.ACTIVATE, type, member)).getAlarms(0);
        ALLOWED.forEach(this::step);
        insist(
                "the alarm to go",
                () ->
                        any().maintenance()
                                .alarm(
                                        alarm(
                                                AlarmAction.DEACTIVATE,
                                                raised.getAlarm(),
                                                raised.getMemberID())));
    }

    private static AlarmRequest alarm(AlarmAction action, AlarmType type, long member) {
        return AlarmRequest.newBuilder()
                .setAction(action)
                .setAlarm(type)
                .setMemberID(member)
                .build();
    }

    /** Some steps with authentication on: as root, as somebody, as nobody. */
    private void authenticated(Endpoint e) {
        if (!rootIsThere) {
            insist("a root user", () -> auth.prepare(e));
            rootIsThere = true;
        }
        insist("authentication to come on", () -> auth.enable(e));
        try {
            auth.becomeRootEverywhere(
                    e, cluster.running().stream().map(cluster::endpoint).toList());
            for (int i = 0; i < 12; i++) {
                Endpoint at = any();
                switch (random.nextInt(3)) {
                    case 0 -> at.as(null);
                    case 1 -> logIn(at, auth::becomeSomebody);
                    default -> logIn(at, auth::becomeRoot);
                }
                Kind kind = ALLOWED.get(random.nextInt(ALLOWED.size()));
                if (kind != Kind.TXN || cluster.upstream().checksWithinTxns()) {
                    step(kind, at);
                }
            }
        } finally {
            cluster.running().forEach(node -> cluster.endpoint(node).as(null));
            insist("authentication to go off", () -> auth.disable(e));
        }
    }

    private static void logIn(Endpoint at, Consumer<Endpoint> as) {
        try {
            as.accept(at);
        } catch (StatusRuntimeException refusal) {
            requireRefusal(refusal);
        }
    }
}
