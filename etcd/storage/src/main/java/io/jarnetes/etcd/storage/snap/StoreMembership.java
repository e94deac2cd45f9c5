package io.jarnetes.etcd.storage.snap;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code .snap} file says of the cluster: the v2 store's tree in upstream's JSON.
 *
 * @param members all members
 * @param removed ids of members that were removed
 * @param version the cluster version, such as "3.5.0"; null before it was set
 */
public record StoreMembership(List<Member> members, List<Long> removed, @Nullable String version) {
    /** Keeps copies of the lists. */
    public StoreMembership {
        members = List.copyOf(members);
        removed = List.copyOf(removed);
    }

    /**
     * One member.
     *
     * @param id unsigned
     * @param name null while it has not started
     * @param clientUrls empty while it has not started
     */
    public record Member(
            long id,
            List<String> peerUrls,
            boolean isLearner,
            @Nullable String name,
            List<String> clientUrls) {
        /** Keeps copies of the lists. */
        public Member {
            peerUrls = List.copyOf(peerUrls);
            clientUrls = List.copyOf(clientUrls);
        }
    }

    /**
     * The JSON of the v2 store, as etcd 3.6 makes it from the membership.
     *
     * @param index the raft index of the snapshot
     */
    public byte[] toJson(long index) {
        throw new UnsupportedOperationException();
    }

    /** Reads the JSON of a v2 store, whatever else upstream put in it. */
    public static StoreMembership parse(byte[] json) {
        throw new UnsupportedOperationException();
    }
}
