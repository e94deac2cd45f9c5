package io.jarnetes.etcd.storage.membership;

import java.util.List;
import java.util.OptionalLong;

/**
 * One member of the cluster.
 *
 * @param id its id
 * @param name its name; empty until it has started and published it
 * @param peerUrls where its peers reach it
 * @param clientUrls where clients reach it; empty until published
 * @param learner whether it only follows, without a vote
 */
public record Member(
        long id, String name, List<String> peerUrls, List<String> clientUrls, boolean learner) {
    public Member {
        peerUrls = List.copyOf(peerUrls);
        clientUrls = List.copyOf(clientUrls);
    }

    /** A member of which only the id is known yet. */
    public Member(long id) {
        this(id, "", List.of(), List.of(), false);
    }

    /** A member to be, with the id that its URLs and the cluster's token give. */
    public static Member create(
            String name,
            List<String> peerUrls,
            String clusterToken,
            OptionalLong addedUnixSeconds,
            boolean learner) {
        long id = MemberIds.member(peerUrls, clusterToken, addedUnixSeconds);
        return new Member(id, name, peerUrls, List.of(), learner);
    }

    /** Whether it has published its name. */
    public boolean started() {
        return !name.isEmpty();
    }

    /** The same member with other attributes. */
    public Member withAttributes(String newName, List<String> newClientUrls) {
        return new Member(id, newName, peerUrls, newClientUrls, learner);
    }

    /** The same member with other peer URLs. */
    public Member withPeerUrls(List<String> newPeerUrls) {
        return new Member(id, name, newPeerUrls, clientUrls, learner);
    }

    /** The same member with a vote. */
    public Member promoted() {
        return new Member(id, name, peerUrls, clientUrls, false);
    }
}
