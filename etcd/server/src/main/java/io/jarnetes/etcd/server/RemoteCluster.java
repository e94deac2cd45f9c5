package io.jarnetes.etcd.server;

import io.jarnetes.etcd.storage.membership.Member;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What members that run already say of themselves, asked before this one starts. */
public interface RemoteCluster {
    /** A cluster as its members see it. */
    record Found(long clusterId, List<Member> members) {
        public Found {
            members = List.copyOf(members);
        }
    }

    /** Asks these peers in turn; null if none answers. */
    @Nullable Found find(List<String> peerUrls);

    /** The versions of those peers that answer, as {@code cluster version, server version}. */
    List<Versions> versions(List<String> peerUrls);

    /**
     * @param cluster empty or "not_decided" before there is one
     */
    record Versions(String cluster, String server) {}
}
