package io.jarnetes.etcd.server.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.etcd.proto.leasepb.Lease;
import io.jarnetes.etcd.storage.bbolt.Bucket;
import io.jarnetes.etcd.storage.bbolt.Cursor;
import io.jarnetes.etcd.storage.bbolt.Db;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * What stopped members have on their disks. The bucket {@code key} is left to the hashes: how far
 * compaction has come is each member's own affair. So are leases that ran out while one member
 * after the other was stopped, and the client URLs that 3.5 keeps in its v2 store alone.
 */
final class Databases {
    private static final List<String> BUCKETS =
            List.of(
                    "alarm",
                    "auth",
                    "authRoles",
                    "authUsers",
                    "cluster",
                    "lease",
                    "members",
                    "members_removed");

    private Databases() {}

    /** Compares all members of a cluster, none of which may run. */
    static void requireEqual(Cluster cluster) {
        List<String> buckets = new ArrayList<>(BUCKETS);
        if (cluster.upstream().compatibility().equals("3.5")) {
            buckets.remove("members");
        }
        List<String> first = pairs(cluster.nodes().getFirst(), buckets);
        for (Node node : cluster.nodes()) {
            assertThat(pairs(node, buckets)).as("the database of " + node).isEqualTo(first);
        }
    }

    private static List<String> pairs(Node node, List<String> buckets) {
        List<String> pairs = new ArrayList<>();
        try (Db db =
                Db.open(
                        Disk.real(),
                        node.data().resolve("member/snap/db"),
                        Options.DEFAULTS.withReadOnly(true))) {
            db.view(tx -> {
                for (String name : buckets) {
                    Bucket bucket = tx.bucket(name.getBytes(StandardCharsets.US_ASCII));
                    add(pairs, name, Objects.requireNonNull(bucket, name).cursor());
                }
                return pairs;
            });
        }
        return pairs;
    }

    private static void add(List<String> pairs, String name, Cursor cursor) {
        for (boolean there = cursor.first(); there; there = cursor.next()) {
            if (name.equals("lease") && isShort(cursor.valueBytes())) {
                continue;
            }
            pairs.add(
                    name
                            + ": "
                            + readable(cursor.keyBytes())
                            + " = "
                            + readable(cursor.valueBytes()));
        }
    }

    private static boolean isShort(byte[] lease) {
        try {
            return Lease.parseFrom(lease).getTTL() == LeaseTraffic.SHORT_SECONDS;
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a lease can't be read", e);
        }
    }

    private static String readable(byte[] bytes) {
        for (byte b : bytes) {
            if (b < ' ') {
                return HexFormat.of().formatHex(bytes);
            }
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }
}
