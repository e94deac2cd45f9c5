package io.jarnetes.apiserver.server;

import io.jarnetes.apiserver.schema.GroupVersion;
import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.schema.defaults.Defaults;
import io.jarnetes.apiserver.server.admission.AdmissionChain;
import io.jarnetes.apiserver.server.authorization.Authorizer;
import io.jarnetes.apiserver.server.endpoints.ApiHandler;
import io.jarnetes.apiserver.server.endpoints.PrinterTables;
import io.jarnetes.apiserver.server.endpoints.ResourceHandler;
import io.jarnetes.apiserver.server.endpoints.SchemaPatcher;
import io.jarnetes.apiserver.server.health.ComponentStatuses;
import io.jarnetes.apiserver.server.http.Documents;
import io.jarnetes.apiserver.server.http.Loops;
import io.jarnetes.apiserver.server.http.PathMux;
import io.jarnetes.apiserver.server.openapi.OpenApiV2;
import io.jarnetes.apiserver.server.openapi.OpenApiV3;
import io.jarnetes.apiserver.server.printers.Tables;
import io.jarnetes.apiserver.server.registry.Environment;
import io.jarnetes.apiserver.server.registry.NotedStore;
import io.jarnetes.apiserver.server.registry.Registry;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.apiserver.server.registry.conversion.BuiltInConverter;
import io.jarnetes.apiserver.server.registry.kinds.BuiltInRegistry;
import io.jarnetes.apiserver.server.registry.managedfields.SchemaFieldManager;
import io.jarnetes.apiserver.server.registry.managedfields.ServerSideApply;
import io.jarnetes.apiserver.server.registry.services.AddressRange;
import io.jarnetes.apiserver.server.registry.services.ServiceSettings;
import io.jarnetes.apiserver.server.storage.EncryptionConfig;
import io.jarnetes.apiserver.server.storage.EtcdConnection;
import io.jarnetes.apiserver.server.storage.Storage;
import io.jarnetes.apiserver.server.storage.StorageException;
import io.jarnetes.apiserver.server.tree.Trees;
import io.jarnetes.base.log.Log;
import io.jarnetes.base.tls.Pem;
import io.jarnetes.base.tls.Tls;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Everything from resources down to etcd: wired for one configuration. */
final class Backend implements AutoCloseable {

    private static final Duration ETCD_PATIENCE = Duration.ofMinutes(1);
    private static final long RETRY_MILLIS = 10;
    private static final String OPENAPI_VERSION = "1.36";

    private final Schema schema;
    private final TreeCodec codec;
    private final MediaType mediaType;
    private final ResourceTable table;
    private final EtcdConnection etcd;
    private final List<String> endpoints;
    private final Storage storage;
    private final Environment environment;
    private final Registry registry;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    private Backend(ApiServerConfig config, EtcdConnection etcd, Clock clock, Log log)
            throws IOException {
        this.etcd = etcd;
        this.endpoints = config.etcd().endpoints();
        this.clock = clock;
        this.schema = Schema.builtIn();
        this.codec = TreeCodec.of(schema);
        this.table = served(config.runtimeConfig());
        this.mediaType = mediaType(config.etcd().mediaType(), log);
        this.storage =
                new Storage(
                        etcd.kv(),
                        config.etcd().prefix(),
                        codec,
                        mediaType,
                        encryption(config.etcd().encryptionConfig()),
                        clock,
                        log);
        this.environment =
                new Environment(
                        clock,
                        random,
                        new Defaults(schema, clock),
                        new SchemaFieldManager(schema, codec));
        this.registry =
                BuiltInRegistry.create(
                        table,
                        storage,
                        environment,
                        new BuiltInConverter(codec),
                        config.etcd().eventTtl().toSeconds(),
                        new ServiceSettings(
                                config.network().serviceRanges().stream()
                                        .map(AddressRange::parse)
                                        .toList(),
                                config.network().nodePortBase(),
                                config.network().nodePortCount()));
        addComponentStatuses();
    }

    /** How etcd is reached. */
    @FunctionalInterface
    interface Connector {
        EtcdConnection connect(ApiServerConfig.Etcd etcd, Loops loops);
    }

    /** Over gRPC, as the flags say. */
    static EtcdConnection connect(ApiServerConfig.Etcd etcd, Loops loops) {
        return EtcdConnection.open(etcd.endpoints(), tls(etcd), loops.group());
    }

    /**
     * Prepares everything; etcd isn't asked yet.
     *
     * @param etcd closed with it
     * @throws IOException when a file can't be read
     */
    static Backend open(ApiServerConfig config, EtcdConnection etcd, Clock clock, Log log)
            throws IOException {
        try {
            return new Backend(config, etcd, clock, log);
        } catch (IOException | RuntimeException e) {
            etcd.close();
            throw e;
        }
    }

    private static @Nullable SslContext tls(ApiServerConfig.Etcd etcd) {
        Path authorities = etcd.authorities();
        Path certificate = etcd.certificate();
        Path key = etcd.key();
        boolean secure = etcd.endpoints().stream().anyMatch(url -> url.startsWith("https:"));
        if (!secure) {
            // Not used, and upstream wants to read it all the same.
            if (authorities != null) {
                Pem.certificates(authorities);
            }
            return null;
        }
        if (authorities == null) {
            throw new IllegalArgumentException(
                    "--etcd-cafile is needed for https endpoints of --etcd-servers");
        }
        Tls.Identity identity =
                certificate == null || key == null ? null : Tls.Identity.read(certificate, key);
        return Tls.client(identity, Pem.certificates(authorities), "h2");
    }

    private static EncryptionConfig encryption(@Nullable Path file) throws IOException {
        if (file == null) {
            return EncryptionConfig.NONE;
        }
        if (!Files.isReadable(file)) {
            throw new IOException(
                    "error while parsing file: error while loading file: error reading encryption"
                            + " provider configuration file \""
                            + file
                            + "\": open "
                            + file
                            + (Files.exists(file)
                                    ? ": permission denied"
                                    : ": no such file or directory"));
        }
        return EncryptionConfig.parse(Files.readString(file), new SecureRandom());
    }

    private MediaType mediaType(String asked, Log log) {
        if (asked.equals(MediaType.JSON.contentType())) {
            return MediaType.JSON;
        }
        ObjectNode probe = Trees.object().put("apiVersion", "v1").put("kind", "ConfigMap");
        try {
            codec.encode(probe, MediaType.PROTOBUF);
            return MediaType.PROTOBUF;
        } catch (IllegalArgumentException e) {
            log.warn(
                    "protobuf is not written yet: objects are stored as JSON",
                    "storage-media-type",
                    asked);
            return MediaType.JSON;
        }
    }

    /** What {@code --runtime-config} leaves on. */
    private static ResourceTable served(Map<String, String> runtimeConfig) {
        if (runtimeConfig.isEmpty()) {
            return ResourceTable.builtIn();
        }
        ResourceTable on = ResourceTable.builtIn();
        return ResourceTable.known()
                .only(version -> enabled(version, on.has(version), runtimeConfig));
    }

    private static boolean enabled(
            GroupVersion version, boolean byDefault, Map<String, String> runtimeConfig) {
        String name = version.toString();
        String own = runtimeConfig.get(name);
        if (own != null) {
            return on(own);
        }
        boolean beta = name.matches(".*v\\d+beta\\d+");
        boolean alpha = name.matches(".*v\\d+alpha\\d+");
        String level = alpha ? "api/alpha" : beta ? "api/beta" : "api/ga";
        String wide = runtimeConfig.getOrDefault(level, runtimeConfig.get("api/all"));
        return wide == null ? byDefault : on(wide);
    }

    private static boolean on(String value) {
        return value.isEmpty() || value.equals("true");
    }

    /**
     * Waits until etcd answers.
     *
     * @throws InterruptedIOException when {@code stop} is done before that
     * @throws IOException when it doesn't answer for a minute
     */
    void awaitEtcd(CompletableFuture<Void> stop) throws IOException {
        long end = clock.millis() + ETCD_PATIENCE.toMillis();
        AtomicBoolean answered = new AtomicBoolean();
        // A call that waits for an answer ends with the connection.
        stop.thenRun(() -> {
            if (!answered.get()) {
                etcd.close();
            }
        });
        while (true) {
            if (stop.isDone()) {
                throw new InterruptedIOException("told to stop while etcd was waited for");
            }
            try {
                storage.start();
                answered.set(true);
                return;
            } catch (StorageException e) {
                if (stop.isDone()) {
                    continue;
                }
                if (clock.millis() > end) {
                    throw new IOException(
                            "etcd at "
                                    + String.join(",", endpoints)
                                    + " does not answer: "
                                    + e.getMessage(),
                            e);
                }
                pause();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(RETRY_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while etcd was waited for", e);
        }
    }

    /** What is wrong with etcd now, or empty. */
    Optional<String> etcdFailure() {
        try {
            storage.kv().get(storage.prefix() + "health");
            return Optional.empty();
        } catch (StorageException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    ResourceTable table() {
        return table;
    }

    TreeCodec codec() {
        return codec;
    }

    /** What objects are stored as. */
    MediaType stored() {
        return mediaType;
    }

    Storage storage() {
        return storage;
    }

    Registry registry() {
        return registry;
    }

    /** The handler of everything that is a resource. */
    ApiHandler resources(AdmissionChain admission, Authorizer authorizer) {
        return new ResourceHandler(
                () -> table,
                registry,
                codec,
                new BuiltInConverter(codec),
                new PrinterTables(new Tables(schema), clock),
                new SchemaPatcher(schema),
                new ServerSideApply(schema),
                admission,
                authorizer,
                random,
                clock);
    }

    /** What is no object in etcd, but told all the same. */
    private void addComponentStatuses() {
        ComponentStatuses statuses = new ComponentStatuses(this::etcdFailure);
        registry.register(statuses.resource(), "", statuses);
    }

    /** The same store, noting who writes. */
    Store noted(Store store, String subresource) {
        return new NotedStore(store, subresource, environment);
    }

    /** Adds {@code /api}, {@code /apis} and what is below that is no resource. */
    void discovery(PathMux mux, String address) {
        new DiscoveryPaths(() -> table, address, new Documents(codec)).install(mux);
        OpenApiV3 openApi = new OpenApiV3(schema, table, OPENAPI_VERSION);
        OpenApiV2 whole = new OpenApiV2(schema, table, OPENAPI_VERSION);
        new OpenApiPaths(() -> openApi, () -> whole).install(mux);
    }

    @Override
    public void close() {
        storage.close();
        etcd.close();
    }
}
