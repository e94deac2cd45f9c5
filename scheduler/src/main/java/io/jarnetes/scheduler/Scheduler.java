package io.jarnetes.scheduler;

import io.jarnetes.base.log.Log;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ComponentFlags;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informers;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.LeaderElector;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.ServingConfig;
import io.jarnetes.kubeclient.ServingEndpoint;
import io.jarnetes.kubeclient.StoppedException;
import io.jarnetes.scheduler.framework.Profile;
import io.jarnetes.scheduler.queue.Nominator;
import io.jarnetes.scheduler.queue.SchedulingQueue;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A running scheduler: it fills its cache, competes for the Lease, then schedules until it is
 * closed or loses the Lease.
 */
public final class Scheduler implements AutoCloseable {

    private static final String NAME = "kube-scheduler";
    private static final String USER_AGENT =
            NAME + "/" + ComponentFlags.VERSION + " (jarnetes) scheduler";
    private static final long FLUSH_MILLIS = 30_000;

    private final SchedulerConfig config;
    private final Log log;
    private final Clock clock = Clock.systemUTC();
    private final ApiClient client;
    private final Informers informers;
    private final Cache cache = new Cache();
    private final SchedulingQueue queue;
    private final EventRecorder events;
    private final EventRecorder elections;
    private final @Nullable ServingEndpoint serving;
    private final CompletableFuture<Void> leading = new CompletableFuture<>();
    private final CompletableFuture<Void> lost = new CompletableFuture<>();
    private final Thread main;
    private final Thread flusher;
    private @Nullable Thread cycles;

    private Scheduler(SchedulerConfig config, Log log) throws IOException {
        this.config = config;
        this.log = log;
        this.client = ApiClient.connect(config.kubeconfig(), USER_AGENT);
        this.informers = new Informers(client, log);
        this.queue =
                new SchedulingQueue(config.firstBackoff(), config.lastBackoff(), System::nanoTime);
        this.events =
                new EventRecorder(
                        client,
                        EventRecorder.Style.EVENTS_V1,
                        config.profiles().getFirst().schedulerName(),
                        config.host(),
                        clock,
                        log);
        // Upstream tells of elections in the older form.
        this.elections =
                new EventRecorder(
                        client,
                        EventRecorder.Style.CORE,
                        config.profiles().getFirst().schedulerName(),
                        config.host(),
                        clock,
                        log);
        ServingConfig server = config.serving();
        this.serving =
                server == null
                        ? null
                        : ServingEndpoint.start(server, NAME, client, () -> !lost.isDone(), log);
        this.main = Thread.ofVirtual().name(NAME).unstarted(this::run);
        this.flusher = Thread.ofVirtual().name(NAME + "-flush").unstarted(this::flush);
    }

    /**
     * Starts and returns at once.
     *
     * @throws IOException if credentials or the serving address can't be used
     */
    public static Scheduler start(SchedulerConfig config, Log log) throws IOException {
        Scheduler scheduler = new Scheduler(config, log);
        scheduler.main.start();
        scheduler.flusher.start();
        return scheduler;
    }

    /** Completes when the Lease is held and pods are scheduled. */
    public CompletableFuture<Void> leading() {
        return leading;
    }

    /** Completes when the Lease was lost; never after {@link #close}. */
    public CompletableFuture<Void> lost() {
        return lost;
    }

    /** Where health and metrics are served; 0 for nowhere. */
    public int servingPort() {
        return serving == null ? 0 : serving.port();
    }

    private void run() {
        Map<String, Profile> profiles = new LinkedHashMap<>();
        config.profiles().forEach(profile -> profiles.put(profile.schedulerName(), profile));
        log.info("Starting Kubernetes Scheduler", "version", ComponentFlags.VERSION);
        try {
            Nominator nominator = new Nominator();
            ClusterWatch watch = new ClusterWatch(cache, queue, nominator, profiles.keySet());
            watch.follow(informers);
            SchedulingLoop loop =
                    new SchedulingLoop(
                            client,
                            informers.of(Resource.PODS),
                            cache,
                            queue,
                            nominator,
                            profiles,
                            events,
                            new SplittableRandom(),
                            clock,
                            log);
            LeaderElector.Settings election = config.leaderElection();
            LeaderElector elector =
                    election == null ? null : new LeaderElector(client, election, clock, log);
            if (elector != null) {
                elector.acquire();
            }
            informers.of(Resource.NODES).awaitSynced();
            informers.of(Resource.PERSISTENT_VOLUME_CLAIMS).awaitSynced();
            informers.of(Resource.PERSISTENT_VOLUMES).awaitSynced();
            informers.of(Resource.STORAGE_CLASSES).awaitSynced();
            informers.of(Resource.PODS).awaitSynced();
            cycles = Thread.ofVirtual().name(NAME + "-cycles").start(loop);
            leading.complete(null);
            if (election != null && elector != null) {
                announce(elector, election.identity());
                elector.renew();
                log.error("Leaderelection lost");
                lost.complete(null);
            }
        } catch (InterruptedException | StoppedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void announce(LeaderElector elector, String identity) {
        KubeObject lease = elector.lease();
        if (lease != null) {
            elections.normal(lease, "LeaderElection", identity + " became leader");
        }
    }

    private void flush() {
        try {
            while (true) {
                Thread.sleep(FLUSH_MILLIS);
                queue.flushOld();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends everything at once; the Lease stays, so that a restart with the identity goes on. */
    @Override
    public void close() {
        main.interrupt();
        flusher.interrupt();
        queue.close();
        Thread running = cycles;
        if (running != null) {
            running.interrupt();
        }
        events.close();
        informers.close();
        if (serving != null) {
            serving.close();
        }
        client.close();
    }
}
