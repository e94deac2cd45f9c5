package io.jarnetes.apiserver.server.bootstrap;

import io.jarnetes.apiserver.schema.ResourceTable;
import io.jarnetes.apiserver.schema.codec.MediaType;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.Registry;
import io.jarnetes.apiserver.server.storage.Storage;
import io.jarnetes.apiserver.server.storage.StorageException;
import io.jarnetes.apiserver.server.tree.Trees;
import io.jarnetes.base.log.Log;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes what a cluster has from the start, each part on a thread of its own, and keeps alive what
 * has to be renewed. A part that fails is tried again until it succeeds.
 */
public final class Bootstrap implements AutoCloseable {

    private static final Duration RENEW = Duration.ofSeconds(10);
    private static final Duration NAMESPACES = Duration.ofMinutes(1);
    private static final Duration RETRY = Duration.ofMillis(250);
    private static final Duration LATER = Duration.ofSeconds(1);

    private final Settings settings;
    private final Hooks hooks;
    private final Clock clock;
    private final Log log;
    private final Storage storage;
    private final TreeCodec codec;
    private final MediaType stored;
    private final ResourceTable table;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Seeder seeder;
    private final Set<Thread> loops = ConcurrentHashMap.newKeySet();
    private final AtomicInteger unmade = new AtomicInteger();
    private final CompletableFuture<Void> made = new CompletableFuture<>();
    private volatile boolean closed;
    private volatile @Nullable KubernetesEndpoints endpoints;

    /**
     * What differs from server to server.
     *
     * @param rbac whether the RBAC authorizer is on, so that its policy is needed
     * @param advertise where clients reach this server; loopback addresses are never published
     * @param port where it listens
     * @param serviceCidrs {@code --service-cluster-ip-range}
     * @param clusterIp the first address of the first range: the {@code kubernetes} Service's
     * @param host this machine's name
     * @param authentication data of ConfigMap extension-apiserver-authentication; empty for none
     */
    public record Settings(
            boolean rbac,
            InetAddress advertise,
            int port,
            List<String> serviceCidrs,
            String clusterIp,
            String host,
            Map<String, String> authentication) {}

    public Bootstrap(
            Registry registry,
            Storage storage,
            TreeCodec codec,
            MediaType stored,
            ResourceTable table,
            Settings settings,
            Hooks hooks,
            Clock clock,
            Log log) {
        this.settings = settings;
        this.hooks = hooks;
        this.clock = clock;
        this.log = log;
        this.storage = storage;
        this.codec = codec;
        this.stored = stored;
        this.table = table;
        this.seeder = new Seeder(registry, executor);
    }

    /** Begins; {@link Hooks} tell how far it is. */
    public void start() {
        storage.createTogether(true);
        unmade.incrementAndGet();
        loop("namespaces", Hooks.NAMESPACES, NAMESPACES, this::namespaces);
        if (settings.rbac) {
            once("rbac", Hooks.RBAC, () -> new RbacBootstrap(seeder).run());
        }
        once(
                "priority-classes",
                Hooks.PRIORITY_CLASSES,
                () ->
                        seeder.createMissing(
                                SystemObjects.SCHEDULING,
                                "priorityclasses",
                                SystemObjects.priorityClasses()));
        FlowControlBootstrap flows = new FlowControlBootstrap(seeder, clock);
        once(
                "flow-control",
                Hooks.FLOW_CONTROL,
                () -> {
                    flows.run();
                    afterwards("flow-control-status", flows::statuses);
                });
        loop("service-cidr", Hooks.SERVICE_CIDR, RENEW, this::service);
        kubernetesEndpoints();
        once("config-maps", Hooks.AUTHENTICATION, this::authentication);
        once("token-tracking", Hooks.TOKEN_TRACKING, this::tokenTracking);
        once("api-services", Hooks.API_SERVICES, this::apiServices);
        identity();
        isMade();
    }

    /** When all parts are made, what is left isn't urgent. */
    private void isMade() {
        if (unmade.decrementAndGet() == 0) {
            storage.createTogether(false);
            made.complete(null);
        }
    }

    private void namespaces() {
        seeder.createMissing("", "namespaces", SystemObjects.namespaces());
    }

    private void service() {
        ObjectNode cidr = SystemObjects.serviceCidr(settings.serviceCidrs);
        boolean created = false;
        if (seeder.get(SystemObjects.NETWORKING, "servicecidrs", "", "kubernetes").isEmpty()) {
            created = seeder.create(SystemObjects.NETWORKING, "servicecidrs", cidr);
        }
        if (created) {
            seeder.updateStatus(
                    SystemObjects.NETWORKING,
                    "servicecidrs",
                    "",
                    "kubernetes",
                    SystemObjects.serviceCidrStatus(clock.instant()));
        }
        boolean ipv6 = settings.clusterIp.contains(":");
        if (seeder.get("", "services", "default", "kubernetes").isEmpty()) {
            seeder.create(
                    "",
                    "services",
                    SystemObjects.kubernetesService(settings.clusterIp, ipv6, settings.port));
        }
        if (seeder.get(SystemObjects.NETWORKING, "ipaddresses", "", settings.clusterIp).isEmpty()) {
            seeder.create(
                    SystemObjects.NETWORKING,
                    "ipaddresses",
                    SystemObjects.ipAddress(settings.clusterIp, ipv6, "default", "kubernetes"));
        }
    }

    /** Where the {@code kubernetes} Service leads; doesn't wait for the Service itself. */
    private void kubernetesEndpoints() {
        if (settings.advertise.isLoopbackAddress()) {
            // Endpoints may not hold loopback addresses: upstream's validation refuses them.
            hooks.finish(Hooks.KUBERNETES_SERVICE);
            return;
        }
        KubernetesEndpoints reconciler =
                new KubernetesEndpoints(
                        storage.kv(),
                        codec,
                        stored,
                        storage.prefix(),
                        seeder,
                        settings.advertise.getHostAddress(),
                        settings.port);
        endpoints = reconciler;
        loop("endpoints", Hooks.KUBERNETES_SERVICE, RENEW, reconciler::renew);
    }

    private void authentication() {
        if (settings.authentication.isEmpty()) {
            return;
        }
        String name = "extension-apiserver-authentication";
        ObjectNode wanted = SystemObjects.configMap("kube-system", name, settings.authentication);
        ObjectNode found = seeder.get("", "configmaps", "kube-system", name).orElse(null);
        if (found == null) {
            seeder.create("", "configmaps", wanted);
        } else if (!found.path("data").equals(wanted.path("data"))) {
            seeder.update(
                    "",
                    "configmaps",
                    "kube-system",
                    name,
                    current -> {
                        ObjectNode next = current == null ? wanted : current;
                        next.set("data", wanted.path("data"));
                        return next;
                    });
        }
    }

    private void tokenTracking() {
        String name = "kube-apiserver-legacy-service-account-token-tracking";
        if (seeder.get("", "configmaps", "kube-system", name).isEmpty()) {
            String today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC).toString();
            seeder.create(
                    "",
                    "configmaps",
                    SystemObjects.configMap("kube-system", name, Map.of("since", today)));
        }
    }

    private void apiServices() {
        seeder.createMissing(
                SystemObjects.API_REGISTRATION, "apiservices", SystemObjects.apiServices(table));
    }

    private void identity() {
        String name = Identity.name(settings.host);
        String holder = name + "_" + UUID.randomUUID();
        String peer = settings.advertise.getHostAddress() + ":" + settings.port;
        loop("identity", Hooks.IDENTITY, RENEW, () -> renewIdentity(name, holder, peer));
    }

    private void renewIdentity(String name, String holder, String peer) {
        ObjectNode lease = Identity.lease(name, settings.host, holder, peer, clock.instant());
        String group = SystemObjects.COORDINATION;
        if (seeder.get(group, "leases", "kube-system", name).isEmpty()
                && seeder.create(group, "leases", lease)) {
            return;
        }
        seeder.update(
                group,
                "leases",
                "kube-system",
                name,
                current -> {
                    ObjectNode next = current == null ? lease : current;
                    next.set("spec", lease.path("spec"));
                    Trees.child(Trees.child(next, "metadata"), "annotations")
                            .put("kubernetes.io/peer-advertise-address", peer);
                    return next;
                });
    }

    /** Runs a part until it succeeds. */
    private void once(String name, String hook, Runnable task) {
        unmade.incrementAndGet();
        thread(
                name,
                () -> {
                    untilDone(name, hook, task);
                    isMade();
                });
    }

    /** Runs what nothing waits for, a while after all parts are made: others start until then. */
    private void afterwards(String name, Runnable task) {
        made.thenRun(() ->
                thread(
                        name,
                        () -> {
                            if (sleep(LATER)) {
                                untilDone(name, "", task);
                            }
                        }));
    }

    /** Runs a part until it succeeds, and then again and again. */
    private void loop(String name, String hook, Duration period, Runnable task) {
        thread(
                name,
                () -> {
                    untilDone(name, hook, task);
                    while (!closed) {
                        if (!sleep(period)) {
                            return;
                        }
                        untilDone(name, hook, task);
                    }
                });
    }

    private void thread(String name, Runnable task) {
        Thread thread =
                Thread.ofVirtual()
                        .name("bootstrap-" + name)
                        .unstarted(() -> {
                            try {
                                task.run();
                            } finally {
                                loops.remove(Thread.currentThread());
                            }
                        });
        loops.add(thread);
        if (!closed) {
            thread.start();
        }
    }

    private void untilDone(String name, String hook, Runnable task) {
        boolean told = false;
        while (!closed) {
            try {
                task.run();
                hooks.finish(hook);
                return;
            } catch (ApiException | StorageException e) {
                if (!told) {
                    log.warn("bootstrap step failed, trying again", "step", name, "err", e);
                }
                told = true;
            } catch (RuntimeException e) {
                if (closed) {
                    return;
                }
                if (!told) {
                    log.error("bootstrap step failed, trying again", "step", name, "err", e);
                }
                told = true;
            }
            if (!sleep(RETRY)) {
                return;
            }
        }
    }

    private static boolean sleep(Duration duration) {
        try {
            Thread.sleep(duration);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** Takes this server out of the endpoints of the {@code kubernetes} Service, and ends. */
    @Override
    public void close() {
        closed = true;
        loops.forEach(Thread::interrupt);
        KubernetesEndpoints reconciler = endpoints;
        if (reconciler != null) {
            try {
                reconciler.remove();
            } catch (RuntimeException e) {
                log.warn("the endpoints of this server stay behind", "err", e);
            }
        }
        executor.shutdownNow();
    }
}
