package io.jarnetes.etcd.storage.membership;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/** Member and cluster ids: the first 8 bytes, big endian, of a SHA-1, as all etcd versions do. */
public final class MemberIds {
    private MemberIds() {}

    /**
     * A member's id.
     *
     * @param peerUrls in any order
     * @param clusterToken the value of {@code --initial-cluster-token}
     * @param addedUnixSeconds when it was added at run time; empty for a bootstrapped one
     */
    public static long member(
            List<String> peerUrls, String clusterToken, OptionalLong addedUnixSeconds) {
        StringBuilder text = new StringBuilder();
        peerUrls.stream().sorted().forEach(text::append);
        text.append(clusterToken);
        addedUnixSeconds.ifPresent(text::append);
        return first8(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The cluster's id, from the ids of the members it was bootstrapped with. */
    public static long cluster(Collection<Long> memberIds) {
        ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES * memberIds.size());
        memberIds.stream().sorted(Long::compareUnsigned).forEach(bytes::putLong);
        return first8(bytes.array());
    }

    private static long first8(byte[] input) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-1").digest(input)).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-1, which member ids need", e);
        }
    }
}
