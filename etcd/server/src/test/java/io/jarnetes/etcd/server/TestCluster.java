package io.jarnetes.etcd.server;

import io.jarnetes.base.FreePorts;
import io.jarnetes.base.log.Log;
import io.jarnetes.base.log.ZapLog;
import io.jarnetes.etcd.client.EtcdClient;
import io.jarnetes.etcd.client.EtcdClientConfig;
import io.jarnetes.etcd.server.EtcdConfig.Compatibility;
import io.netty.handler.ssl.SslContext;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Members in this JVM, on free ports of loopback. */
final class TestCluster implements AutoCloseable {
    static final long READY_MILLIS = 30_000;

    private final Path dir;
    private final EtcdRuntime runtime = EtcdRuntime.create(2);
    private final List<EtcdConfig> configs = new ArrayList<>();
    private final List<@Nullable EtcdServer> servers = new ArrayList<>();
    private final List<EtcdClient> clients = new ArrayList<>();

    TestCluster(Path dir, int members, String scheme, UnaryOperator<EtcdConfig> change)
            throws IOException {
        this.dir = dir;
        List<Integer> ports = FreePorts.take(2 * members);
        Map<String, List<String>> initial = new LinkedHashMap<>();
        for (int i = 0; i < members; i++) {
            initial.put("m" + i, List.of(url(scheme, ports.get(2 * i + 1)).toString()));
        }
        for (int i = 0; i < members; i++) {
            configs.add(
                    change.apply(
                            EtcdConfig.of(
                                            "m" + i,
                                            dir.resolve("m" + i),
                                            url(scheme, ports.get(2 * i)),
                                            url(scheme, ports.get(2 * i + 1)))
                                    .withInitialCluster(initial, "test")));
            servers.add(null);
        }
    }

    static TestCluster plain(Path dir, int members) throws IOException {
        return new TestCluster(dir, members, "http", config -> config);
    }

    static TestCluster at35(Path dir, int members) throws IOException {
        return new TestCluster(
                dir, members, "http", config -> config.withCompatibility(Compatibility.V3_5));
    }

    static URI url(String scheme, int port) {
        return URI.create(scheme + "://127.0.0.1:" + port);
    }

    TestCluster startAll() throws IOException, TimeoutException {
        for (int i = 0; i < configs.size(); i++) {
            begin(i);
        }
        for (int i = 0; i < configs.size(); i++) {
            server(i).awaitReady(READY_MILLIS);
        }
        return this;
    }

    /** Starts without waiting. */
    void begin(int i) throws IOException {
        Log log =
                new ZapLog(
                        new BufferedOutputStream(
                                Files.newOutputStream(
                                        dir.resolve("m" + i + ".log"),
                                        java.nio.file.StandardOpenOption.CREATE,
                                        java.nio.file.StandardOpenOption.APPEND)),
                        Log.Level.INFO,
                        "test");
        servers.set(i, EtcdServer.start(configs.get(i), runtime, log));
    }

    void start(int i) throws IOException, TimeoutException {
        begin(i);
        server(i).awaitReady(READY_MILLIS);
    }

    void stop(int i) {
        server(i).close();
        servers.set(i, null);
    }

    /** One more member, or more of them, not started. */
    int add(EtcdConfig config) {
        configs.add(config);
        servers.add(null);
        return configs.size() - 1;
    }

    /** What member {@code i} is from its next start on. */
    void configure(int i, UnaryOperator<EtcdConfig> change) {
        configs.set(i, change.apply(configs.get(i)));
    }

    /** All that member {@code i} has logged so far. */
    String log(int i) {
        try {
            return Files.readString(dir.resolve("m" + i + ".log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Names and peer URLs of these members. */
    Map<String, List<String>> initial(int... members) {
        Map<String, List<String>> initial = new LinkedHashMap<>();
        for (int i : members) {
            EtcdConfig config = configs.get(i);
            List<URI> urls = config.urls().advertisePeer();
            initial.put(config.name(), urls.stream().map(URI::toString).toList());
        }
        return initial;
    }

    /** A client of these members alone. */
    EtcdClient clientOf(int... members) {
        return client(IntStream.of(members).mapToObj(i -> endpoints().get(i)).toList(), null);
    }

    EtcdServer server(int i) {
        EtcdServer server = servers.get(i);
        if (server == null) {
            throw new IllegalStateException("member " + i + " does not run");
        }
        return server;
    }

    EtcdConfig config(int i) {
        return configs.get(i);
    }

    EtcdRuntime runtime() {
        return runtime;
    }

    List<URI> endpoints() {
        return configs.stream().map(c -> c.urls().listenClient().getFirst()).toList();
    }

    int leader() {
        for (int i = 0; i < servers.size(); i++) {
            EtcdServer server = servers.get(i);
            if (server != null && server.member().isLeader()) {
                return i;
            }
        }
        return -1;
    }

    EtcdClient client() {
        return client(null);
    }

    EtcdClient client(@Nullable SslContext tls) {
        return client(endpoints(), tls);
    }

    EtcdClient client(List<URI> endpoints, @Nullable SslContext tls) {
        EtcdClient client =
                new EtcdClient(
                        EtcdClientConfig.of(endpoints, tls)
                                .withRequestTimeout(Duration.ofSeconds(20)),
                        runtime.loops());
        clients.add(client);
        return client;
    }

    @Override
    public void close() {
        clients.forEach(EtcdClient::close);
        for (EtcdServer server : servers) {
            if (server != null) {
                server.close();
            }
        }
        runtime.close();
    }
}
