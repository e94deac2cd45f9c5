package io.jarnetes.apiserver.server.bootstrap;

import io.jarnetes.apiserver.server.tree.Trees;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** Who this apiserver is among several: the name and Lease that upstream derives from the host. */
final class Identity {

    static final int LEASE_SECONDS = 3600;

    private static final DateTimeFormatter MICRO_TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int HASH_BYTES = 16;

    private Identity() {}

    /**
     * {@code apiserver-} and 26 characters: base32 of the first half of the SHA-256 of host name
     * and component, each behind its length.
     */
    static String name(String host) {
        byte[] hostBytes = host.getBytes(StandardCharsets.UTF_8);
        byte[] component = "kube-apiserver".getBytes(StandardCharsets.UTF_8);
        ByteBuffer buffer = ByteBuffer.allocate(4 + hostBytes.length + component.length);
        buffer.putShort((short) hostBytes.length).put(hostBytes);
        buffer.putShort((short) component.length).put(component);
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(buffer.array());
            return "apiserver-" + base32(hash, HASH_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM lacks SHA-256", e);
        }
    }

    private static String base32(byte[] bytes, int length) {
        StringBuilder text = new StringBuilder();
        int bits = 0;
        int held = 0;
        for (int i = 0; i < length; i++) {
            held = (held << 8) | (bytes[i] & 0xff);
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                text.append(BASE32.charAt((held >> bits) & 31));
            }
        }
        if (bits > 0) {
            text.append(BASE32.charAt((held << (5 - bits)) & 31));
        }
        return text.toString();
    }

    static ObjectNode lease(
            String name, String host, String holder, String peerAddress, Instant now) {
        ObjectNode lease =
                SystemObjects.object(
                        SystemObjects.COORDINATION + "/v1", "Lease", "kube-system", name);
        ObjectNode metadata = Trees.child(lease, "metadata");
        metadata.putObject("labels")
                .put("apiserver.kubernetes.io/identity", "kube-apiserver")
                .put("kubernetes.io/hostname", host);
        metadata.putObject("annotations").put("kubernetes.io/peer-advertise-address", peerAddress);
        lease.putObject("spec")
                .put("holderIdentity", holder)
                .put("leaseDurationSeconds", LEASE_SECONDS)
                .put("renewTime", microTime(now));
        return lease;
    }

    static String microTime(Instant now) {
        return MICRO_TIME.format(now);
    }
}
