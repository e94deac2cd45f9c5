package io.jarnetes.etcd.storage.lease;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jarnetes.etcd.proto.leasepb.Lease;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BadPairException;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.Meta;
import io.jarnetes.etcd.storage.backend.View;
import java.util.ArrayList;
import java.util.List;

/** The bucket {@code lease}: 8 bytes of id to {@code leasepb.Lease}. */
final class LeaseBucket {
    private LeaseBucket() {}

    static void save(Backend backend, LeaseState lease) {
        Lease stored =
                Lease.newBuilder()
                        .setID(lease.id)
                        .setTTL(lease.ttlSeconds)
                        .setRemainingTTL(lease.remainingTtlSeconds)
                        .build();
        backend.put(Bucket.LEASE, Meta.bytes(lease.id), stored.toByteArray());
    }

    static void delete(Backend backend, long id) {
        backend.delete(Bucket.LEASE, Meta.bytes(id));
    }

    static List<LeaseState> load(Backend backend, long minTtlSeconds) {
        List<LeaseState> leases = new ArrayList<>();
        try (View view = backend.view()) {
            view.scan(
                    Bucket.LEASE,
                    new byte[0],
                    null,
                    (key, value) -> {
                        leases.add(parse(value, minTtlSeconds));
                        return true;
                    });
        }
        return leases;
    }

    private static LeaseState parse(byte[] value, long minTtlSeconds) {
        try {
            Lease stored = Lease.parseFrom(value);
            return new LeaseState(
                    stored.getID(),
                    Math.max(stored.getTTL(), minTtlSeconds),
                    stored.getRemainingTTL());
        } catch (InvalidProtocolBufferException e) {
            throw new BadPairException("has a value that is no leasepb.Lease", e);
        }
    }
}
