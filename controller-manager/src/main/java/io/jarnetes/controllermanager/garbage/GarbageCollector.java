package io.jarnetes.controllermanager.garbage;

import io.jarnetes.base.log.Log;
import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.kubeclient.Discovery;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Informers;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.ReconcileLoop;
import io.jarnetes.kubeclient.Resource;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Follows all deletable resources into the {@link Graph} and lets {@link Collector} do what it asks
 * for. Asks every 30 seconds which resources there are, since definitions come and go.
 */
public final class GarbageCollector implements Controller {

    private static final String ACCOUNT = "generic-garbage-collector";
    private static final int WORKERS = 20;
    private static final Duration SYNC_PERIOD = Duration.ofSeconds(30);

    /** A fresh cluster comes up faster when the other controllers list first. */
    private static final Duration FIRST_SYNC = Duration.ofMillis(700);

    private static final int SYNC_SECONDS = 30;
    private static final String SYNC = "resources";
    private static final Set<Resource> IGNORED = Set.of(Resource.EVENTS, Resource.EVENTS_V1);

    private final Log log;
    private final Discovery discovery;
    private final Informers informers;
    private final Graph graph = new Graph();
    private final Collector collector;
    private final ReconcileLoop<String> checks;
    private final ReconcileLoop<String> orphans;
    private final ReconcileLoop<String> resources;

    /** Guarded by the single worker of {@link #resources}. */
    private final Set<Resource> followed = new HashSet<>();

    private GarbageCollector(ControllerContext context) {
        this.log = context.log();
        this.discovery = new Discovery(context.client(ACCOUNT));
        this.informers = context.informers();
        this.collector = new Collector(context.client(ACCOUNT), graph, this::enqueue, log);
        this.checks = new ReconcileLoop<>("garbage", WORKERS, log, collector::check);
        this.orphans = new ReconcileLoop<>("orphans", WORKERS, log, collector::orphan);
        this.resources = new ReconcileLoop<>("resources", 1, log, key -> sync());
    }

    public static Controller start(ControllerContext context) {
        GarbageCollector garbage = new GarbageCollector(context);
        garbage.checks.start();
        garbage.orphans.start();
        garbage.resources.start();
        garbage.resources.addAfter(SYNC, FIRST_SYNC);
        return garbage;
    }

    private void enqueue(Graph.Work work) {
        work.check().forEach(checks::add);
        work.orphan().forEach(orphans::add);
    }

    private void sync() {
        resources.addAfter(SYNC, SYNC_PERIOD);
        Discovery.Answer answer = discovery.all();
        Map<String, Resource> kinds = new HashMap<>();
        Set<Resource> current = new HashSet<>();
        for (Discovery.Served served : answer.resources()) {
            Resource resource = served.resource();
            kinds.put(resource.apiVersion() + "/" + resource.kind(), resource);
            if (served.preferred()
                    && served.can("delete", "list", "watch")
                    && !IGNORED.contains(resource)) {
                current.add(resource);
            }
        }
        collector.kinds(kinds);
        if (answer.failures().isEmpty()) {
            // A group that could not be read is still there; only a full answer takes any away.
            for (Resource gone : Set.copyOf(followed)) {
                if (!current.contains(gone)) {
                    followed.remove(gone);
                    informers.forget(gone);
                }
            }
        }
        for (Resource resource : current) {
            if (followed.add(resource)) {
                follow(resource);
            }
        }
    }

    private void follow(Resource resource) {
        Informer informer = informers.of(resource);
        informer.handle(
                new Informer.Handler() {
                    @Override
                    public void added(KubeObject object) {
                        enqueue(graph.observe(object));
                    }

                    @Override
                    public void updated(KubeObject before, KubeObject after) {
                        enqueue(graph.observe(after));
                    }

                    @Override
                    public void deleted(KubeObject object) {
                        enqueue(graph.forget(object.uid()));
                    }
                });
        // One after the other, so that the first minute is not sixty lists at once.
        if (!informer.awaitSynced(SYNC_SECONDS, TimeUnit.SECONDS)) {
            log.warn(
                    "Garbage collector can't list a resource",
                    "resource",
                    resource.groupResource());
        }
    }

    @Override
    public void close() {
        resources.close();
        checks.close();
        orphans.close();
    }
}
