package io.jarnetes.controllermanager.endpoints;

import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Selector;
import java.util.function.Consumer;

/** Which Services a change of a pod concerns. */
final class ServiceWatch implements Informer.Handler {

    private final Informer services;
    private final Consumer<String> enqueue;

    private ServiceWatch(Informer services, Consumer<String> enqueue) {
        this.services = services;
        this.enqueue = enqueue;
    }

    /**
     * @param enqueue takes keys of Services
     */
    static void follow(Informer services, Informer pods, Consumer<String> enqueue) {
        services.handle(Informer.Handler.of(service -> enqueue.accept(service.key())));
        pods.handle(new ServiceWatch(services, enqueue));
    }

    @Override
    public void added(KubeObject pod) {
        concerned(pod);
    }

    @Override
    public void updated(KubeObject before, KubeObject after) {
        if (!before.labels().equals(after.labels())) {
            concerned(before);
        }
        concerned(after);
    }

    @Override
    public void deleted(KubeObject pod) {
        concerned(pod);
    }

    private void concerned(KubeObject pod) {
        for (KubeObject service : services.list(pod.namespace())) {
            if (Backends.selects(service)
                    && Selector.ofLabels(service.at("spec", "selector")).matches(pod)) {
                enqueue.accept(service.key());
            }
        }
    }
}
