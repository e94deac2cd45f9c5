package io.jarnetes.etcd.server.apply;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.proto.etcdserverpb.Request;
import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.membership.MembershipException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies committed entries in order, each once: what the database already holds (its consistent
 * index) only changes raft's configuration on a replay.
 */
public final class Applier {
    private static final byte[] CONF_STATE = "confState".getBytes(StandardCharsets.US_ASCII);

    private final Stores stores;
    private final ApplyEvents events;
    private final RequestApplier requests;
    private final MembershipApplier membership;
    private ConfState confState;

    /**
     * @param confState raft's configuration at the start
     */
    public Applier(
            Stores stores,
            Quota quota,
            ApplyEvents events,
            ConfState confState,
            ApplyRules rules,
            Log log) {
        this.stores = stores;
        this.events = events;
        this.confState = confState;
        this.requests = new RequestApplier(stores, quota, events, rules);
        this.membership = new MembershipApplier(stores, events, log);
    }

    /** The configuration after the last applied conf change. */
    public ConfState confState() {
        return confState;
    }

    /** Goes on from a snapshot of the leader. */
    public void restored(ConfState state) {
        confState = state;
        requests.restored();
    }

    /**
     * Applies one entry.
     *
     * @throws RuntimeException if it cannot be applied: the member must stop
     */
    public void apply(Entry entry) {
        boolean fresh = entry.index() > stores.backend().consistentIndex();
        switch (entry.type()) {
            case NORMAL -> normal(entry, fresh);
            case CONF_CHANGE -> confChange(entry, fresh);
            case CONF_CHANGE_V2 ->
                    throw new IllegalStateException(
                            "entry "
                                    + entry.index()
                                    + " is a joint conf change, which no version of etcd proposes");
        }
        if (fresh) {
            stores.backend().applied(entry.index(), entry.term());
        }
    }

    private void normal(Entry entry, boolean fresh) {
        if (entry.data().length == 0) {
            events.termBegun();
            return;
        }
        InternalRaftRequest request = parse(entry.data());
        if (request == null) {
            legacy(entry, fresh);
        } else if (request.hasV2()) {
            membership.applyLegacy(request.getV2(), fresh);
        } else if (fresh) {
            request(request, entry.index());
        } else {
            membership.replay(request);
        }
    }

    private void request(InternalRaftRequest request, long index) {
        long id = request.getID() == 0 ? request.getHeader().getID() : request.getID();
        if (membership.apply(request)) {
            events.done(id, new ApplyResult(null, null));
            return;
        }
        long began = System.nanoTime();
        RequestApplier.Outcome outcome = requests.apply(request, index);
        events.measured(
                RequestKinds.of(request),
                outcome.result().failure() != null,
                System.nanoTime() - began);
        if (outcome.outOfSpace()) {
            events.outOfSpace(id, outcome.result());
        } else {
            events.done(id, outcome.result());
        }
    }

    private void legacy(Entry entry, boolean fresh) {
        try {
            Request request = Request.parseFrom(entry.data());
            membership.applyLegacy(request, fresh);
            events.done(request.getID(), new ApplyResult(null, null));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(
                    "entry " + entry.index() + " is neither a request of v3 nor of v2", e);
        }
    }

    /** Null if it is not a request of v3: a v2 request has a string where v3 has a message. */
    private static @Nullable InternalRaftRequest parse(byte[] data) {
        try {
            InternalRaftRequest request = InternalRaftRequest.parseFrom(data);
            // Every request of today has a header; to look for other fields makes a map of them.
            if (request.hasHeader()) {
                return request;
            }
            boolean known = !request.getAllFields().isEmpty();
            return known && !looksLegacy(request) ? request : null;
        } catch (InvalidProtocolBufferException e) {
            return null;
        }
    }

    /** Asked of requests without a header. */
    private static boolean looksLegacy(InternalRaftRequest request) {
        return request.hasV2() && request.getV2().getMethod().isEmpty();
    }

    private void confChange(Entry entry, boolean fresh) {
        ConfChange change = ConfChange.unmarshal(entry.data());
        MembershipException refusal = fresh ? membership.refusal(change) : null;
        if (refusal != null || (!fresh && !membership.wasMade(change))) {
            events.applyConfChange(new ConfChange(change.id(), change.type(), 0, new byte[0]));
            if (refusal != null) {
                events.done(change.id(), ApplyResult.refused(refusal));
            }
            return;
        }
        confState = events.applyConfChange(change);
        if (fresh) {
            stores.backend().put(Bucket.META, CONF_STATE, json(confState));
            membership.apply(change);
        } else {
            membership.tell(change.type(), change.nodeId());
        }
        events.done(change.id(), new ApplyResult(null, null));
    }

    /** As Go writes raftpb.ConfState: empty lists are left out, auto_leave is not. */
    private static byte[] json(ConfState state) {
        StringBuilder json = new StringBuilder("{");
        list(json, "voters", state.voters());
        list(json, "learners", state.learners());
        list(json, "voters_outgoing", state.votersOutgoing());
        list(json, "learners_next", state.learnersNext());
        json.append("\"auto_leave\":").append(state.autoLeave()).append('}');
        return json.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void list(StringBuilder json, String name, List<Long> ids) {
        if (!ids.isEmpty()) {
            String[] numbers = ids.stream().map(Long::toUnsignedString).toArray(String[]::new);
            json.append("\"")
                    .append(name)
                    .append("\":[")
                    .append(String.join(",", numbers))
                    .append("],");
        }
    }
}
