package io.jarnetes.controllermanager.framework;

import io.jarnetes.base.log.Log;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.EventRecorder;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Informers;
import io.jarnetes.kubeclient.Resource;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What a controller works with. Informers are shared by all controllers and act as the manager;
 * writes go through {@link #client}, as the controller's own service account.
 */
public final class ControllerContext implements AutoCloseable {

    private final Function<String, ApiClient> clients;
    private final ApiClient manager;
    private final Informers informers;
    private final Settings settings;
    private final Clock clock;
    private final Log log;
    private final List<EventRecorder> recorders = new ArrayList<>();

    /**
     * @param clients gives the client of a service account
     * @param manager the manager's own client
     */
    public ControllerContext(
            Function<String, ApiClient> clients,
            ApiClient manager,
            Informers informers,
            Settings settings,
            Clock clock,
            Log log) {
        this.clients = clients;
        this.manager = manager;
        this.informers = informers;
        this.settings = settings;
        this.clock = clock;
        this.log = log;
    }

    /**
     * @param account of kube-system, such as {@code deployment-controller}
     */
    public ApiClient client(String account) {
        return clients.apply(account);
    }

    /** The manager's own client: it may list and watch everything. */
    public ApiClient manager() {
        return manager;
    }

    /** The shared informer; it may not be synced yet. */
    public Informer informer(Resource resource) {
        return informers.of(resource);
    }

    public Informers informers() {
        return informers;
    }

    /** Events of this component, written as its account. */
    public synchronized EventRecorder events(String component, String account) {
        EventRecorder recorder =
                new EventRecorder(
                        clients.apply(account),
                        EventRecorder.Style.CORE,
                        component,
                        "",
                        clock,
                        log);
        recorders.add(recorder);
        return recorder;
    }

    public Settings settings() {
        return settings;
    }

    public Clock clock() {
        return clock;
    }

    public Log log() {
        return log;
    }

    @Override
    public synchronized void close() {
        recorders.forEach(EventRecorder::close);
    }
}
