package io.jarnetes.apiserver.server;

import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.server.admission.AdmissionChain;
import io.jarnetes.apiserver.server.bootstrap.Bootstrap;
import io.jarnetes.apiserver.server.bootstrap.Hooks;
import io.jarnetes.apiserver.server.http.HttpServer;
import io.jarnetes.apiserver.server.http.Loops;
import io.jarnetes.apiserver.server.http.RequestFilters;
import io.jarnetes.apiserver.server.http.StatusEncoder;
import io.jarnetes.base.log.Log;
import io.jarnetes.base.metrics.Metrics;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * One running API server. It listens as soon as {@link #start} returns, and is ready when {@code
 * /readyz} says so.
 */
public final class ApiServer implements AutoCloseable {

    private static final int LOOP_THREADS = 2;

    private final ApiServerConfig config;
    private final Loops loops;
    private final ExecutorService executor;
    private final Backend backend;
    private final Access access;
    private final Bootstrap bootstrap;
    private final HttpServer server;
    private final NonResourcePaths paths;
    private final Log log;

    private ApiServer(ApiServerConfig config, Parts parts, HttpServer server, Log log) {
        this.config = config;
        this.loops = parts.loops;
        this.executor = parts.executor;
        this.backend = parts.backend;
        this.access = parts.access;
        this.bootstrap = parts.bootstrap;
        this.paths = parts.paths;
        this.server = server;
        this.log = log;
    }

    /** What a start has made so far. */
    private record Parts(
            Loops loops,
            ExecutorService executor,
            Backend backend,
            Access access,
            Bootstrap bootstrap,
            NonResourcePaths paths) {}

    /**
     * Starts.
     *
     * @throws IOException when the port is taken, a file can't be read, or etcd doesn't answer
     * @throws IllegalArgumentException when the configuration makes no sense
     */
    public static ApiServer start(ApiServerConfig config, Log log) throws IOException {
        return start(config, log, new CompletableFuture<>());
    }

    /**
     * The same; gives up waiting for etcd once {@code stop} is done.
     *
     * @throws InterruptedIOException when that is so
     */
    static ApiServer start(ApiServerConfig config, Log log, CompletableFuture<Void> stop)
            throws IOException {
        return start(config, Backend::connect, log, stop);
    }

    /** The same, on an etcd that is reached in another way. */
    static ApiServer start(
            ApiServerConfig config, Backend.Connector etcd, Log log, CompletableFuture<Void> stop)
            throws IOException {
        Clock clock = Clock.systemUTC();
        Metrics metrics = new Metrics();
        Loops loops = Loops.create(LOOP_THREADS);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
        Backend backend = null;
        try {
            InetAddress advertise =
                    AdvertiseAddress.choose(config.serving().advertise(), config.serving().bind());
            // What is wrong with files is said before etcd is waited for.
            ServingCertificate certificate =
                    ServingCertificate.of(config.serving(), advertise, log);
            AccessFiles files = AccessFiles.read(config, clock);
            backend = Backend.open(config, etcd.connect(config.etcd(), loops), clock, log);
            backend.awaitEtcd(stop);
            Hooks hooks = new Hooks(config.authorizationModes().contains("RBAC"));
            Access access = Access.open(config, files, backend, hooks, clock, log);
            ResourceTable table = backend.table();
            HttpServer server =
                    HttpServer.start(
                            new InetSocketAddress(config.serving().bind(), config.serving().port()),
                            certificate::context,
                            loops,
                            executor);
            int port = server.address().getPort();
            AdmissionChain admission = access.admission(config);
            NonResourcePaths paths =
                    new NonResourcePaths(
                            backend, access, hooks, metrics, advertise, port, config, log);
            RequestFilters filters =
                    new RequestFilters(
                            access.authenticator(),
                            access.authorizer(),
                            backend.resources(admission, access.authorizer()),
                            paths.mux(),
                            access.flows(),
                            new StatusEncoder(backend.codec()),
                            new RequestFilters.Limits(
                                    config.limits().maxInFlight(),
                                    config.limits().maxMutatingInFlight(),
                                    config.limits().requestTimeout()),
                            metrics,
                            clock,
                            log);
            server.serve(filters);
            Bootstrap bootstrap =
                    new Bootstrap(
                            backend.registry(),
                            backend.storage(),
                            backend.codec(),
                            backend.stored(),
                            table,
                            settings(config, access, advertise, port),
                            hooks,
                            clock,
                            log);
            bootstrap.start();
            log.info("Serving securely on " + server.address());
            return new ApiServer(
                    config,
                    new Parts(loops, executor, backend, access, bootstrap, paths),
                    server,
                    log);
        } catch (IOException | RuntimeException e) {
            if (backend != null) {
                backend.close();
            }
            executor.shutdownNow();
            loops.group().shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw e;
        }
    }

    private static Bootstrap.Settings settings(
            ApiServerConfig config, Access access, InetAddress advertise, int port) {
        return new Bootstrap.Settings(
                config.authorizationModes().contains("RBAC"),
                advertise,
                port,
                config.network().serviceRanges(),
                ServiceRange.firstAddress(config.network().serviceRanges().getFirst()),
                hostName(),
                access.authenticationConfigMap());
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    /** Where it listens, with the port that the system chose for port 0. */
    public InetSocketAddress address() {
        return server.address();
    }

    /**
     * Stops in order: not ready any more, out of the Service's endpoints, no new connections,
     * watches ended, requests in flight waited for.
     */
    @Override
    public void close() {
        paths.stopping();
        bootstrap.close();
        Duration grace = config.limits().shutdownGrace();
        server.close(grace);
        access.close();
        backend.close();
        executor.shutdownNow();
        loops.group()
                .shutdownGracefully(0, 1, TimeUnit.SECONDS)
                .awaitUninterruptibly(2, TimeUnit.SECONDS);
        log.info("[graceful-termination] apiserver is exiting");
    }
}
