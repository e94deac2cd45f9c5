package io.jarnetes.etcd.server.v3rpc;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.server.Downgrades;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.server.Leases;
import io.jarnetes.etcd.server.Reconfiguration;
import io.jarnetes.etcd.server.Sockets;
import io.jarnetes.etcd.server.http.HttpApi;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where clients come in: gRPC and HTTP/1.1 on the same addresses, plain or TLS. */
public final class ClientPort implements AutoCloseable {
    private static final long GRACE_MILLIS = 300;
    private static final long CLOSE_MILLIS = 1_000;
    private static final long MIN_KEEP_ALIVE_SECONDS = 5;

    private final EtcdMember member;
    private final HttpApi http;
    private final Log log;
    private final LeaderLosses losses = new LeaderLosses();
    private final List<ServerServiceDefinition> services = new ArrayList<>();
    private final CallInterceptor interceptor;
    private final List<Server> servers = new ArrayList<>();

    public ClientPort(
            EtcdMember member,
            Leases leases,
            Reconfiguration reconfiguration,
            Downgrades downgrades,
            HttpApi http,
            Log log) {
        this.member = member;
        this.http = http;
        this.log = log;
        this.interceptor = new CallInterceptor(member);
        Rpc rpc = new Rpc(member);
        HealthService health = new HealthService(rpc, false);
        KvService kv = new KvService(rpc);
        LeaseService lease = new LeaseService(rpc, leases);
        Sessions sessions = new Sessions(rpc, kv, lease);
        services.add(kv.definition());
        services.add(new WatchService(rpc, losses).bindService());
        services.add(lease.bindService());
        services.add(new ClusterService(rpc, reconfiguration).bindService());
        services.add(new MaintenanceService(rpc, health, downgrades).bindService());
        services.add(new AuthService(rpc).bindService());
        services.add(new ElectionService(sessions).bindService());
        services.add(new LockService(sessions).bindService());
        services.add(health.bindService());
    }

    /** To be called once an election time-out: ends streams that insist on a leader. */
    public void checkLeader() {
        losses.check(member.hasLeader());
    }

    /**
     * Listens on one more address.
     *
     * @param tls asked for each connection; null for plain ones
     * @return the port
     * @throws IOException if the address can't be had
     */
    public int listen(InetSocketAddress address, @Nullable Supplier<SslContext> tls)
            throws IOException {
        EventLoopGroup loops = member.runtime().loops();
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(address)
                        .channelType(Sockets.serverChannel(loops))
                        .bossEventLoopGroup(loops)
                        .workerEventLoopGroup(loops)
                        .directExecutor()
                        .protocolNegotiator(new ClientNegotiator(tls, http, log))
                        .maxInboundMessageSize(member.config().limits().maxMessageBytes())
                        .maxConcurrentCallsPerConnection(
                                member.config().limits().maxConcurrentStreams())
                        .permitKeepAliveTime(MIN_KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .permitKeepAliveWithoutCalls(true)
                        .intercept(interceptor);
        services.forEach(builder::addService);
        Server server = builder.build();
        try {
            server.start();
        } catch (IOException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException("listen tcp " + address + ": " + cause.getMessage(), e);
        }
        servers.add(server);
        return server.getPort();
    }

    /** Lets calls finish for a moment, then ends them. */
    @Override
    public void close() {
        servers.forEach(Server::shutdown);
        await(GRACE_MILLIS);
        servers.forEach(Server::shutdownNow);
        await(CLOSE_MILLIS);
    }

    private void await(long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (Server server : servers) {
                server.awaitTermination(
                        Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
