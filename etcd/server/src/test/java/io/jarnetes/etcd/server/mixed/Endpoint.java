package io.jarnetes.etcd.server.mixed;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.jarnetes.etcd.proto.etcdserverpb.AuthGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.ClusterGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.KVGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.MaintenanceGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.StatusRequest;
import io.jarnetes.etcd.proto.etcdserverpb.StatusResponse;
import io.jarnetes.etcd.proto.etcdserverpb.WatchGrpc;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One member's client port, without fail-over to others. */
final class Endpoint implements AutoCloseable {
    private static final Metadata.Key<String> TOKEN =
            Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);

    /** Members give up after seven. */
    private static final long DEADLINE_SECONDS = 15;

    private final URI url;
    private final ManagedChannel channel;
    private @Nullable String token;

    Endpoint(String url) {
        this.url = URI.create(url);
        this.channel =
                NettyChannelBuilder.forAddress(this.url.getHost(), this.url.getPort())
                        .usePlaintext()
                        .maxInboundMessageSize(Integer.MAX_VALUE)
                        .build();
    }

    URI url() {
        return url;
    }

    /** Whom later calls are made as; null for nobody. */
    synchronized void as(@Nullable String newToken) {
        token = newToken;
    }

    private synchronized <S extends AbstractStub<S>> S ready(S stub) {
        // A member that comes back is to be found at once, not after a back-off.
        channel.resetConnectBackoff();
        S bounded = stub.withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
        if (token == null) {
            return bounded;
        }
        Metadata headers = new Metadata();
        headers.put(TOKEN, token);
        return bounded.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    KVGrpc.KVBlockingStub kv() {
        return ready(KVGrpc.newBlockingStub(channel));
    }

    LeaseGrpc.LeaseBlockingStub lease() {
        return ready(LeaseGrpc.newBlockingStub(channel));
    }

    LeaseGrpc.LeaseStub leaseStream() {
        return ready(LeaseGrpc.newStub(channel));
    }

    WatchGrpc.WatchStub watch() {
        return WatchGrpc.newStub(channel);
    }

    AuthGrpc.AuthBlockingStub auth() {
        return ready(AuthGrpc.newBlockingStub(channel));
    }

    ClusterGrpc.ClusterBlockingStub cluster() {
        return ready(ClusterGrpc.newBlockingStub(channel));
    }

    MaintenanceGrpc.MaintenanceBlockingStub maintenance() {
        return ready(MaintenanceGrpc.newBlockingStub(channel));
    }

    StatusResponse status() {
        return maintenance().status(StatusRequest.getDefaultInstance());
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    @Override
    public String toString() {
        return url.toString();
    }
}
