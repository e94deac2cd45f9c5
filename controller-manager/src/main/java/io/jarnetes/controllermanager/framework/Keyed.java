package io.jarnetes.controllermanager.framework;

import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.ReconcileLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * A controller that is one function of one key: which informers wake it, for which keys, and what
 * it does. Nothing is reconciled before all its informers are synced.
 */
public final class Keyed implements Controller {

    private final ReconcileLoop<String> loop;
    private final List<Informer> informers = new ArrayList<>();

    /**
     * @param reconcile takes {@code namespace/name}
     */
    public Keyed(
            ControllerContext context,
            String name,
            int workers,
            ReconcileLoop.Reconciler<String> reconcile) {
        this.loop =
                new ReconcileLoop<>(
                        name,
                        workers,
                        context.log(),
                        key -> {
                            informers.forEach(Informer::awaitSynced);
                            reconcile.reconcile(key);
                        });
    }

    /** Wakes for the keys of its objects. */
    public Keyed watch(Informer informer) {
        return watch(informer, object -> List.of(object.key()));
    }

    /** Wakes for the keys that an object concerns. */
    public Keyed watch(Informer informer, Function<KubeObject, Collection<String>> concerned) {
        informers.add(informer);
        informer.handle(Informer.Handler.of(object -> concerned.apply(object).forEach(loop::add)));
        return this;
    }

    /** Only waits until it is synced. */
    public Keyed needs(Informer informer) {
        informers.add(informer);
        return this;
    }

    public Keyed start() {
        loop.start();
        return this;
    }

    public void add(String key) {
        loop.add(key);
    }

    public void addAfter(String key, Duration delay) {
        loop.addAfter(key, delay);
    }

    @Override
    public void close() {
        loop.close();
    }
}
