package io.jarnetes.etcd.server.apply;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.proto.etcdserverpb.Request;
import io.jarnetes.etcd.proto.membershippb.ClusterMemberAttrSetRequest;
import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfChangeType;
import io.jarnetes.etcd.storage.membership.DowngradeInfo;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.membership.MemberJson;
import io.jarnetes.etcd.storage.membership.MembershipException;
import io.jarnetes.etcd.storage.membership.RaftCluster;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Conf changes, and what else entries say of the membership. */
final class MembershipApplier {
    private static final String MEMBERS_PREFIX = "/0/members/";
    private static final String ATTRIBUTES = "/attributes";
    private static final String VERSION_PATH = "/0/version";

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Stores stores;
    private final ApplyEvents events;
    private final Log log;

    MembershipApplier(Stores stores, ApplyEvents events, Log log) {
        this.stores = stores;
        this.events = events;
        this.log = log;
    }

    private RaftCluster cluster() {
        return stores.cluster();
    }

    /** Whether the change can be made; null if so. */
    @Nullable MembershipException refusal(ConfChange change) {
        try {
            switch (change.type()) {
                case ADD_NODE, ADD_LEARNER_NODE -> {
                    if (MemberJson.isPromote(change.context())) {
                        cluster().validatePromote(change.nodeId());
                    } else {
                        cluster().validateAdd(MemberJson.decode(change.context()));
                    }
                }
                case REMOVE_NODE -> cluster().validateRemove(change.nodeId());
                case UPDATE_NODE -> cluster().validateUpdate(MemberJson.decode(change.context()));
            }
            return null;
        } catch (MembershipException e) {
            return e;
        }
    }

    /**
     * Whether a change that the database holds already was made, and not refused, when it was
     * applied: who was added is a member now, or was removed since. Refused changes of other kinds
     * leave raft's configuration as it is.
     */
    boolean wasMade(ConfChange change) {
        return switch (change.type()) {
            case ADD_NODE, ADD_LEARNER_NODE ->
                    cluster().member(change.nodeId()) != null
                            || cluster().isIdRemoved(change.nodeId());
            case REMOVE_NODE, UPDATE_NODE -> true;
        };
    }

    void apply(ConfChange change) {
        long id = change.nodeId();
        switch (change.type()) {
            case ADD_NODE, ADD_LEARNER_NODE -> {
                if (MemberJson.isPromote(change.context())) {
                    cluster().promoteMember(id);
                    note("promote member", "promoted-member-id", Long.toHexString(id));
                } else {
                    add(change);
                }
            }
            case REMOVE_NODE -> remove(id);
            case UPDATE_NODE -> {
                List<String> urls = MemberJson.decode(change.context()).peerUrls();
                cluster().updateRaftAttributes(id, urls);
                note("updated member", "updated-remote-peer", id, urls, false);
            }
        }
        tell(change.type(), id);
    }

    private void remove(long id) {
        Member gone = cluster().member(id);
        cluster().removeMember(id);
        if (gone != null) {
            note("removed member", "removed-remote-peer", id, gone.peerUrls(), gone.learner());
        }
    }

    private void note(String message, String who, long id, List<String> urls, boolean learner) {
        note(
                message,
                who + "-id",
                Long.toHexString(id),
                who + (who.equals("added-peer") ? "-peer-urls" : "-urls"),
                urls,
                who + "-is-learner",
                learner);
    }

    private void note(String message, Object... pairs) {
        log.with(
                        "cluster-id",
                        Long.toHexString(cluster().clusterId()),
                        "local-member-id",
                        Long.toHexString(cluster().localId()))
                .info(message, pairs);
    }

    private void add(ConfChange change) {
        Member member = MemberJson.decode(change.context());
        if (member.id() != change.nodeId()) {
            throw new IllegalStateException(
                    "a conf change adds "
                            + Long.toHexString(change.nodeId())
                            + " but describes "
                            + Long.toHexString(member.id()));
        }
        cluster().addMember(member);
        note("added member", "added-peer", member.id(), member.peerUrls(), member.learner());
    }

    /** Tells who a member is now; after a replay too, so that the transport knows its peers. */
    void tell(ConfChangeType type, long id) {
        events.memberChanged(id, type == ConfChangeType.REMOVE_NODE ? null : cluster().member(id));
    }

    /** Whether the request was one of these. */
    boolean apply(InternalRaftRequest r) {
        if (r.hasClusterVersionSet()) {
            setVersion(r.getClusterVersionSet().getVer());
        } else if (r.hasClusterMemberAttrSet()) {
            setAttributes(r.getClusterMemberAttrSet());
        } else if (r.hasDowngradeInfoSet()) {
            var set = r.getDowngradeInfoSet();
            cluster()
                    .setDowngradeInfo(
                            set.getEnabled()
                                    ? new DowngradeInfo(set.getVer(), true)
                                    : DowngradeInfo.NONE);
        } else {
            return false;
        }
        return true;
    }

    private void setAttributes(ClusterMemberAttrSetRequest set) {
        cluster()
                .updateAttributes(
                        set.getMemberID(),
                        set.getMemberAttributes().getName(),
                        set.getMemberAttributes().getClientUrlsList());
        events.memberChanged(set.getMemberID(), cluster().member(set.getMemberID()));
    }

    /**
     * Goes through an entry that the database holds already. Databases of 3.5 lack attributes, so
     * all that were set since the snapshot are set again, in their order.
     */
    void replay(InternalRaftRequest r) {
        if (r.hasClusterMemberAttrSet()) {
            setAttributes(r.getClusterMemberAttrSet());
        }
    }

    private void setVersion(String version) {
        String before = cluster().version();
        cluster().setVersion(version);
        if (before == null) {
            log.info("set initial cluster version", "cluster-version", shortened(version));
        } else if (!before.equals(version)) {
            log.info(
                    "updated cluster version", "from", shortened(before), "to", shortened(version));
        }
    }

    private static String shortened(String version) {
        int patch = version.lastIndexOf('.');
        return patch > 0 ? version.substring(0, patch) : version;
    }

    /**
     * What members of etcd 3.4 and 3.5 put into the v2 store: attributes and cluster version.
     *
     * @param fresh false for a replay, see {@link #replay}
     */
    void applyLegacy(Request request, boolean fresh) {
        if (!"PUT".equals(request.getMethod())) {
            return;
        }
        String path = request.getPath();
        if (path.equals(VERSION_PATH)) {
            if (fresh) {
                setVersion(request.getVal());
            }
        } else if (path.startsWith(MEMBERS_PREFIX) && path.endsWith(ATTRIBUTES)) {
            String id =
                    path.substring(MEMBERS_PREFIX.length(), path.length() - ATTRIBUTES.length());
            JsonNode attributes = JSON.readTree(request.getVal());
            List<String> urls = new ArrayList<>();
            attributes.path("clientURLs").forEach(url -> urls.add(url.asString("")));
            long member = Long.parseUnsignedLong(id, 16);
            cluster().updateAttributes(member, attributes.path("name").asString(""), urls);
            events.memberChanged(member, cluster().member(member));
        }
    }
}
