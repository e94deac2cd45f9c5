package io.jarnetes.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Channel;
import io.jarnetes.etcd.proto.etcdserverpb.Compare;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrantRequest;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrantResponse;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseRevokeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RequestOp;
import io.jarnetes.etcd.proto.etcdserverpb.TxnRequest;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** What one client does again and again; an operation may be several calls. */
interface Workload {
    /** Keys are of 8 bytes, this many. */
    int KEYS = 100_000;

    int VALUE_BYTES = 256;

    /** One operation of one client. */
    void start(Channel channel, SplittableRandom random, Rpcs.Done done);

    /** Puts of random keys. */
    static Workload put() {
        ByteString value = value(new SplittableRandom(1), VALUE_BYTES);
        return (channel, random, done) ->
                Rpcs.call(channel, Rpcs.PUT, put(key(random), value).toByteArray(), done);
    }

    /** Gets of one key. */
    static Workload get(boolean serializable) {
        return (channel, random, done) ->
                Rpcs.call(
                        channel,
                        Rpcs.RANGE,
                        RangeRequest.newBuilder()
                                .setKey(key(random))
                                .setSerializable(serializable)
                                .build()
                                .toByteArray(),
                        done);
    }

    /** Ranges of so many neighbours, from a random key on. */
    static Workload range(int keys) {
        return (channel, random, done) -> {
            long from = random.nextInt(KEYS - keys);
            RangeRequest request =
                    RangeRequest.newBuilder()
                            .setKey(key(from))
                            .setRangeEnd(key(from + keys))
                            .setSerializable(true)
                            .build();
            Rpcs.call(channel, Rpcs.RANGE, request.toByteArray(), done);
        };
    }

    /** As the API server updates: put if the revision is not higher than expected, else get. */
    static Workload txn() {
        ByteString value = value(new SplittableRandom(1), VALUE_BYTES);
        return (channel, random, done) -> {
            ByteString key = key(random);
            TxnRequest request =
                    TxnRequest.newBuilder()
                            .addCompare(
                                    Compare.newBuilder()
                                            .setKey(key)
                                            .setTarget(Compare.CompareTarget.MOD)
                                            .setResult(Compare.CompareResult.LESS)
                                            .setModRevision(Long.MAX_VALUE))
                            .addSuccess(RequestOp.newBuilder().setRequestPut(put(key, value)))
                            .addFailure(
                                    RequestOp.newBuilder()
                                            .setRequestRange(RangeRequest.newBuilder().setKey(key)))
                            .build();
            Rpcs.call(channel, Rpcs.TXN, request.toByteArray(), done);
        };
    }

    /** Grants a lease and revokes it. */
    static Workload lease() {
        byte[] grant = LeaseGrantRequest.newBuilder().setTTL(600).build().toByteArray();
        return (channel, random, done) ->
                Rpcs.call(
                        channel,
                        Rpcs.GRANT,
                        grant,
                        (response, failure) -> {
                            if (failure != null) {
                                done.done(response, failure);
                            } else {
                                Rpcs.call(channel, Rpcs.REVOKE, revoke(response), done);
                            }
                        });
    }

    private static byte[] revoke(byte[] granted) {
        try {
            long id = LeaseGrantResponse.parseFrom(granted).getID();
            return LeaseRevokeRequest.newBuilder().setID(id).build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a grant was answered with something else", e);
        }
    }

    static PutRequest put(ByteString key, ByteString value) {
        return PutRequest.newBuilder().setKey(key).setValue(value).build();
    }

    static ByteString key(SplittableRandom random) {
        return key(random.nextInt(KEYS));
    }

    static ByteString key(long number) {
        return UnsafeByteOperations.unsafeWrap(
                ByteBuffer.allocate(Long.BYTES).putLong(0x6b00_0000_0000_0000L | number).array());
    }

    static ByteString value(SplittableRandom random, int bytes) {
        byte[] value = new byte[bytes];
        random.nextBytes(value);
        return UnsafeByteOperations.unsafeWrap(value);
    }
}
