package io.jarnetes.kubeclient;

import io.jarnetes.base.log.Log;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One informer for each resource, shared by everybody in a program; started when first asked for.
 */
public final class Informers implements AutoCloseable {

    private final ApiClient client;
    private final Log log;
    private final Map<Resource, Informer> informers = new LinkedHashMap<>();
    private boolean closed;

    public Informers(ApiClient client, Log log) {
        this.client = client;
        this.log = log;
    }

    /**
     * @throws StoppedException after {@link #close}
     */
    public synchronized Informer of(Resource resource) {
        if (closed) {
            throw new StoppedException();
        }
        return informers.computeIfAbsent(
                resource, r -> new Informer(client, r, r.path(), "", log).start());
    }

    /** Ends the informer of a resource that is no longer served. */
    public synchronized void forget(Resource resource) {
        Informer informer = informers.remove(resource);
        if (informer != null) {
            informer.close();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        informers.values().forEach(Informer::close);
        informers.clear();
    }
}
