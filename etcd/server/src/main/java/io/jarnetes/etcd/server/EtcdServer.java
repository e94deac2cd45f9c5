package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.server.apply.Quota;
import io.jarnetes.etcd.server.http.HttpApi;
import io.jarnetes.etcd.server.http.HttpListener;
import io.jarnetes.etcd.server.peer.PeerConfig;
import io.jarnetes.etcd.server.peer.PeerHttpClient;
import io.jarnetes.etcd.server.peer.PeerServer;
import io.jarnetes.etcd.server.peer.PeerTransport;
import io.jarnetes.etcd.server.tls.ClientHosts;
import io.jarnetes.etcd.server.tls.SystemResolver;
import io.jarnetes.etcd.server.v3rpc.ClientPort;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.membership.Member;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A running member. Started by {@link #start}, it serves clients once {@link #ready} completes, and
 * ends by {@link #close} or by itself, which {@link #failure} tells.
 */
public final class EtcdServer implements AutoCloseable {
    private static final long HAND_OVER_MILLIS = 500;
    private static final long WATCHDOG_MILLIS = 1_000;

    private final EtcdConfig config;
    private final EtcdRuntime runtime;
    private final Log log;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final List<AutoCloseable> open = new ArrayList<>();
    private final EtcdMember member;
    private final MemberCore core;
    private final Duties duties;
    private final PeerTransport transport;

    private EtcdServer(EtcdConfig config, EtcdRuntime runtime, Disk disk, Log log)
            throws IOException {
        this.config = config;
        this.runtime = runtime;
        this.log = log;
        requireFree(config.urls());
        TlsContexts peerTls =
                new TlsContexts(
                        config.peerTls(),
                        config.dataDir().resolve("fixtures").resolve("peer"),
                        hosts(config.urls().listenPeer()));
        PeerQuestions questions =
                new PeerQuestions(new PeerHttpClient(Sockets.peerLoops(runtime), peerTls.client()));
        long[] synced = new long[1];
        MemberCore[] made = new MemberCore[1];
        Bootstrap bootstrap =
                new Bootstrap(
                        config,
                        disk,
                        questions,
                        () -> made[0] == null ? synced[0] : made[0].synced(),
                        log);
        BootState boot = bootstrap.boot();
        synced[0] = boot.storage().lastIndex();
        Quota quota =
                new Quota(
                        boot.stores(),
                        config.storage().quotaBytes(),
                        config.compatibility().applyRules());
        ServerMetrics metrics =
                new ServerMetrics(
                        config.metricsExtensive(),
                        config.compatibility().version(),
                        Ids.hex(boot.memberId()));
        RequestIds ids = new RequestIds(boot.memberId(), System.currentTimeMillis());
        core =
                new MemberCore(
                        config,
                        boot,
                        bootstrap.opener(),
                        runtime,
                        ids,
                        quota,
                        metrics,
                        this::failed,
                        log);
        made[0] = core;
        member = new EtcdMember(config, boot.stores(), core, ids, quota, metrics, runtime, log);
        MetricSources.connect(metrics, member);
        Leases leases = new Leases(member, questions);
        PeerSide peerSide = new PeerSide(member, leases, this::failed);
        transport =
                new PeerTransport(
                        new PeerConfig(
                                boot.memberId(),
                                boot.clusterId(),
                                config.compatibility().version(),
                                config.urls().advertisePeer(),
                                peerTls.client()),
                        peerSide,
                        Sockets.peerLoops(runtime),
                        new NetworkMetrics(metrics.registry(), boot.memberId()),
                        Clock.systemUTC(),
                        log);
        Reconfiguration reconfiguration =
                new Reconfiguration(member, transport, questions, Clock.systemUTC());
        PeerServer peerServer =
                new PeerServer(
                        transport,
                        ReceivedSnapshot.factory(disk, boot.snapshotter()),
                        peerSide.endpoints(reconfiguration));
        duties =
                new Duties(
                        member,
                        new Versions(member, questions, log),
                        new AutoCompactor(member, log),
                        this::failed,
                        log);
        core.attach(member, duties);
        boolean started = false;
        try {
            listenPeers(peerServer, peerTls.server());
            startCore(boot);
            serveWhenPublished(leases, reconfiguration);
            started = true;
        } finally {
            if (!started) {
                close();
            }
        }
    }

    /**
     * Starts a member on the machine's file system.
     *
     * @param runtime shared with other members of the process, and not closed with this one
     * @throws BootException if configuration and files do not go together
     * @throws IOException if an address cannot be listened on
     */
    public static EtcdServer start(EtcdConfig config, EtcdRuntime runtime, Log log)
            throws IOException {
        return new EtcdServer(config, runtime, Disk.real(), log);
    }

    /** A port that is taken is told before anything is written. */
    private static void requireFree(EtcdConfig.Urls urls) throws IOException {
        List<URI> all = new ArrayList<>(urls.listenPeer());
        all.addAll(urls.listenClient());
        for (URI url : all) {
            InetSocketAddress address = Sockets.address(url);
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(address);
            } catch (IOException e) {
                throw new IOException(
                        "listen tcp "
                                + address.getHostString()
                                + ":"
                                + address.getPort()
                                + ": bind: "
                                + String.valueOf(e.getMessage()).toLowerCase(java.util.Locale.ROOT),
                        e);
            }
        }
    }

    private static List<String> hosts(List<URI> urls) {
        return urls.stream().map(URI::getHost).distinct().toList();
    }

    private void listenPeers(PeerServer server, @Nullable Supplier<SslContext> tls)
            throws IOException {
        open.add(server);
        ClientHosts hosts =
                config.peerTls().admission().fromAnyHost()
                        ? null
                        : new ClientHosts(new SystemResolver(), Thread.ofVirtual()::start);
        for (URI url : config.urls().listenPeer()) {
            boolean secure = "https".equals(url.getScheme());
            requireCertificate(url, secure, tls);
            server.listen(Sockets.address(url), secure ? tls : null, hosts);
            log.info("serving peer traffic", "address", url.getAuthority());
        }
    }

    private static void requireCertificate(
            URI url, boolean secure, @Nullable Supplier<SslContext> tls) {
        if (secure && tls == null) {
            throw new BootException(
                    url
                            + " is https, but no certificate is configured: give --cert-file and"
                            + " --key-file (--peer-cert-file and --peer-key-file for peers)");
        }
    }

    private void startCore(BootState boot) {
        for (Member remote : boot.remotes()) {
            List<URI> urls = remote.peerUrls().stream().map(URI::create).toList();
            transport.addRemote(remote.id(), urls);
        }
        transport.start();
        core.start(transport, duties::leadership);
        duties.start();
    }

    private void serveWhenPublished(Leases leases, Reconfiguration reconfiguration)
            throws IOException {
        HttpApi http = new HttpApi(member);
        TlsContexts clientTls =
                new TlsContexts(
                        config.clientTls(),
                        config.dataDir().resolve("fixtures").resolve("client"),
                        hosts(config.urls().listenClient()));
        // gRPC clients offer h2 alone; whoever offers both is served HTTP/1.1, which is all that
        // the HTTP handlers speak.
        Supplier<SslContext> tls = clientTls.server("http/1.1", "h2");
        for (URI url : config.urls().listenMetrics()) {
            boolean secure = "https".equals(url.getScheme());
            open.add(
                    new HttpListener(
                            runtime.loops(), Sockets.address(url), secure ? tls : null, http, log));
            log.info("serving metrics", "address", url.toString());
        }
        for (URI url : config.urls().listenClient()) {
            requireCertificate(url, "https".equals(url.getScheme()), tls);
        }
        ClientPort port =
                new ClientPort(member, leases, reconfiguration, new Downgrades(member), http, log);
        open.add(port);
        duties.every(config.timing().election().toMillis(), port::checkLeader);
        duties.publish()
                .thenRunAsync(() -> serve(port, tls), runtime.commits())
                .exceptionally(e -> {
                    failed(e);
                    return null;
                });
    }

    private void serve(ClientPort port, @Nullable Supplier<SslContext> tls) {
        try {
            for (URI url : config.urls().listenClient()) {
                boolean secure = "https".equals(url.getScheme());
                port.listen(Sockets.address(url), secure ? tls : null);
                log.info(
                        secure
                                ? "serving client traffic securely"
                                : "serving client traffic insecurely; this is strongly"
                                        + " discouraged!",
                        "address",
                        url.getAuthority());
            }
            log.info("ready to serve client requests");
            ready.complete(null);
        } catch (IOException e) {
            failed(e);
        }
    }

    private void failed(Throwable cause) {
        if (closed.get()) {
            return;
        }
        if (cause instanceof RemovedException) {
            log.warn("server error", "error", cause.getMessage());
            log.warn("data-dir used by this member must be removed");
        } else {
            log.error("the member cannot go on", "error", cause);
        }
        ready.completeExceptionally(cause);
        failure.complete(cause);
    }

    /** Completes when clients are served; fails if the member ended before. */
    public CompletableFuture<Void> ready() {
        return ready;
    }

    /** Completes if the member cannot go on; it is to be closed then. */
    public CompletableFuture<Throwable> failure() {
        return failure;
    }

    /** The member as services see it. */
    public EtcdMember member() {
        return member;
    }

    /** How many other members are in touch. */
    int activePeers() {
        return transport.activePeers();
    }

    public EtcdConfig config() {
        return config;
    }

    /**
     * Hands leadership over, lets calls finish for a moment, commits and closes everything. Safe to
     * call twice.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        handOver();
        duties.close();
        for (AutoCloseable one : open.reversed()) {
            closeQuietly(one);
        }
        closeQuietly(transport);
        core.close();
        ready.completeExceptionally(new IllegalStateException("the member was closed"));
        log.info("closed etcd server", "name", config.name());
    }

    private void handOver() {
        if (!member.isLeader() || failure.isDone()) {
            return;
        }
        OptionalLong target = longestConnected();
        if (target.isEmpty()) {
            return;
        }
        try {
            member.moveLeader(target.getAsLong()).get(HAND_OVER_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn(
                    "leadership transfer failed",
                    "local-member-id",
                    Ids.hex(member.memberId()),
                    "error",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** As upstream: who is in touch for longest is the likeliest to stay. */
    private OptionalLong longestConnected() {
        Instant longest = null;
        OptionalLong found = OptionalLong.empty();
        for (Member other : member.stores().cluster().votingMembers()) {
            Instant since = transport.activeSince(other.id());
            if (since != null && (longest == null || since.isBefore(longest))) {
                longest = since;
                found = OptionalLong.of(other.id());
            }
        }
        return found;
    }

    private void closeQuietly(AutoCloseable one) {
        try {
            one.close();
        } catch (Exception e) {
            log.warn("closing failed", "error", e);
        }
    }

    /** Waits for {@link #ready}, for callers that have nothing else to do. */
    public void awaitReady(long timeoutMillis) throws TimeoutException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
        while (System.nanoTime() - deadline < 0) {
            try {
                ready.get(Math.min(WATCHDOG_MILLIS, timeoutMillis), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                // The next round decides.
            } catch (ExecutionException e) {
                throw new BootException("the member did not get ready: " + e.getCause(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        throw new TimeoutException(
                "member " + config.name() + " was not ready after " + timeoutMillis + " ms");
    }
}
