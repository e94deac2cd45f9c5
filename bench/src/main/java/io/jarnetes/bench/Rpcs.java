package io.jarnetes.bench;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Unary calls of bytes: the generator must be cheap, and parses only what it needs. */
final class Rpcs {
    private static final MethodDescriptor.Marshaller<byte[]> BYTES =
            new MethodDescriptor.Marshaller<>() {
                @Override
                public InputStream stream(byte[] value) {
                    return new ByteArrayInputStream(value);
                }

                @Override
                public byte[] parse(InputStream stream) {
                    try {
                        return stream.readAllBytes();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };

    static final MethodDescriptor<byte[], byte[]> PUT = unary("KV/Put");
    static final MethodDescriptor<byte[], byte[]> RANGE = unary("KV/Range");
    static final MethodDescriptor<byte[], byte[]> TXN = unary("KV/Txn");
    static final MethodDescriptor<byte[], byte[]> GRANT = unary("Lease/LeaseGrant");
    static final MethodDescriptor<byte[], byte[]> REVOKE = unary("Lease/LeaseRevoke");

    private Rpcs() {}

    /** Hears how a call ended, on an event loop. */
    interface Done {
        void done(byte[] response, @Nullable Status failure);
    }

    private static MethodDescriptor<byte[], byte[]> unary(String name) {
        return MethodDescriptor.<byte[], byte[]>newBuilder(BYTES, BYTES)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("etcdserverpb." + name)
                .build();
    }

    static void call(
            Channel channel, MethodDescriptor<byte[], byte[]> method, byte[] request, Done done) {
        ClientCall<byte[], byte[]> call = channel.newCall(method, CallOptions.DEFAULT);
        call.start(new Listener(done), new Metadata());
        call.request(2);
        call.sendMessage(request);
        call.halfClose();
    }

    private static final class Listener extends ClientCall.Listener<byte[]> {
        private final Done done;
        private byte[] response = new byte[0];

        Listener(Done done) {
            this.done = done;
        }

        @Override
        public void onMessage(byte[] message) {
            response = message;
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            done.done(response, status.isOk() ? null : status);
        }
    }
}
