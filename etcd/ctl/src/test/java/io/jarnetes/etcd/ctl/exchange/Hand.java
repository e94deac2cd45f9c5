package io.jarnetes.etcd.ctl.exchange;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.jarnetes.etcd.proto.etcdserverpb.AuthGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.AuthenticateRequest;
import io.jarnetes.etcd.proto.etcdserverpb.ClusterGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.KVGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.LeaseGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.MaintenanceGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.PutRequest;
import io.jarnetes.etcd.proto.etcdserverpb.RangeRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A client of one member; all of etcd's services. */
final class Hand implements AutoCloseable {
    private static final Metadata.Key<String> TOKEN =
            Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER);
    private static final Set<Status.Code> NOT_SERVING =
            EnumSet.of(
                    Status.Code.UNAVAILABLE,
                    Status.Code.DEADLINE_EXCEEDED,
                    Status.Code.CANCELLED,
                    Status.Code.UNKNOWN,
                    Status.Code.INTERNAL);
    private static final int LARGEST_MESSAGE_BYTES = 64 << 20;
    private static final long CALL_SECONDS = 60;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String url;
    private final ManagedChannel channel;
    private volatile String token = "";

    Hand(int port) {
        url = "http://127.0.0.1:" + port;
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .maxInboundMessageSize(LARGEST_MESSAGE_BYTES)
                        .build();
    }

    private <S extends AbstractStub<S>> S with(S stub) {
        S bounded = stub.withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS);
        if (token.isEmpty()) {
            return bounded;
        }
        Metadata headers = new Metadata();
        headers.put(TOKEN, token);
        return bounded.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    KVGrpc.KVBlockingStub kv() {
        return with(KVGrpc.newBlockingStub(channel));
    }

    LeaseGrpc.LeaseBlockingStub lease() {
        return with(LeaseGrpc.newBlockingStub(channel));
    }

    AuthGrpc.AuthBlockingStub auth() {
        return with(AuthGrpc.newBlockingStub(channel));
    }

    ClusterGrpc.ClusterBlockingStub cluster() {
        return with(ClusterGrpc.newBlockingStub(channel));
    }

    MaintenanceGrpc.MaintenanceBlockingStub maintenance() {
        return with(MaintenanceGrpc.newBlockingStub(channel));
    }

    /** Whether a linearizable read gets an answer, be it that a user's name is wanted. */
    boolean serves() {
        try {
            KVGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(5, TimeUnit.SECONDS)
                    .range(RangeRequest.newBuilder().setKey(utf8("serves")).build());
            return true;
        } catch (StatusRuntimeException e) {
            return !NOT_SERVING.contains(e.getStatus().getCode());
        }
    }

    /**
     * Waits until another change of the membership would be taken. Before 3.6, upstream answers one
     * a moment before its Raft has noted that it is applied; a change proposed in that moment is
     * dropped in silence. A read that goes through Raft is answered later.
     */
    void settled() {
        kv().range(RangeRequest.newBuilder().setKey(utf8("settled")).build());
    }

    /** Whether the cluster has the version of its members by now. */
    boolean clusterVersion(Make make) {
        String minor = make.version().substring(0, 3);
        return http(HttpRequest.newBuilder(URI.create(url + "/version")))
                .contains("\"etcdcluster\":\"" + minor + ".0\"");
    }

    /** Writes a key of the API v2. */
    void putV2(String key, String value) {
        http(
                HttpRequest.newBuilder(URI.create(url + "/v2/keys/" + key + "?value=" + value))
                        .PUT(HttpRequest.BodyPublishers.noBody()));
    }

    /** What the API v2 answers about a key. */
    String getV2(String key) {
        return http(HttpRequest.newBuilder(URI.create(url + "/v2/keys/" + key)));
    }

    private static String http(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Goes on as this user. */
    void login(String user, String password) {
        logout();
        token =
                auth().authenticate(
                                AuthenticateRequest.newBuilder()
                                        .setName(user)
                                        .setPassword(password)
                                        .build())
                        .getToken();
    }

    void logout() {
        token = "";
    }

    /** Puts; returns the revision. */
    long put(String key, ByteString value, long lease) {
        return kv().put(
                        PutRequest.newBuilder()
                                .setKey(utf8(key))
                                .setValue(value)
                                .setLease(lease)
                                .build())
                .getHeader()
                .getRevision();
    }

    static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        try {
            if (!channel.awaitTermination(CALL_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the channel does not close");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
