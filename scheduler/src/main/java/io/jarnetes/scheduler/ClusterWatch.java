package io.jarnetes.scheduler;

import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Informers;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.scheduler.framework.PodInfo;
import io.jarnetes.scheduler.queue.Nominator;
import io.jarnetes.scheduler.queue.SchedulingQueue;
import java.util.List;
import java.util.Set;

/** Feeds cache and queue from informers, and says when waiting pods are worth another try. */
final class ClusterWatch {

    private static final Set<String> BY_OTHER_PODS =
            Set.of("InterPodAffinity", "PodTopologySpread");

    private static final List<Resource> STORAGE =
            List.of(
                    Resource.PERSISTENT_VOLUME_CLAIMS,
                    Resource.PERSISTENT_VOLUMES,
                    Resource.STORAGE_CLASSES);

    private final Cache cache;
    private final SchedulingQueue queue;
    private final Nominator nominator;
    private final Set<String> schedulerNames;

    ClusterWatch(
            Cache cache, SchedulingQueue queue, Nominator nominator, Set<String> schedulerNames) {
        this.cache = cache;
        this.queue = queue;
        this.nominator = nominator;
        this.schedulerNames = Set.copyOf(schedulerNames);
    }

    void follow(Informers informers) {
        informers.of(Resource.NODES).handle(new Nodes());
        informers.of(Resource.NAMESPACES).handle(new Namespaces());
        for (Resource storage : STORAGE) {
            informers.of(storage).handle(new Storage());
        }
        informers.of(Resource.POD_DISRUPTION_BUDGETS).handle(new Budgets());
        informers.of(Resource.PODS).handle(new Pods());
    }

    private static boolean finished(KubeObject pod) {
        String phase = pod.text("status", "phase");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** Whether a pod waits for one of our schedulers. */
    private boolean ours(KubeObject pod) {
        return pod.text("spec", "nodeName").isEmpty()
                && !finished(pod)
                && !pod.deleting()
                && pod.at("spec", "schedulingGates").isEmpty()
                && schedulerNames.contains(pod.text("spec", "schedulerName"));
    }

    private final class Pods implements Informer.Handler {

        @Override
        public void added(KubeObject pod) {
            if (ours(pod)) {
                PodInfo waiting = PodInfo.of(pod);
                nominator.seen(waiting);
                queue.add(waiting);
            } else {
                placed(pod);
            }
        }

        private void placed(KubeObject pod) {
            queue.remove(pod.uid());
            denominate(pod);
            if (finished(pod)) {
                gone(pod);
            } else if (!pod.text("spec", "nodeName").isEmpty()) {
                cache.pod(PodInfo.of(pod));
            }
        }

        /** The room that was kept for a pod is free, for those that had to leave it alone. */
        private void denominate(KubeObject pod) {
            if (nominator.gone(pod.uid())) {
                room(pod);
            }
        }

        private void room(KubeObject before) {
            int priority = before.number(0, "spec", "priority");
            queue.move(queued -> queued.pod().priority() <= priority);
        }

        @Override
        public void updated(KubeObject before, KubeObject after) {
            if (ours(after)) {
                PodInfo pod = PodInfo.of(after);
                boolean wanted =
                        !ours(before)
                                || !Json.same(before.at("spec"), after.at("spec"))
                                || !before.labels().equals(after.labels());
                if (cache.has(after.uid())) {
                    // Assumed already; the binding is on its way.
                    return;
                }
                nominator.seen(PodInfo.of(before), pod);
                if (wanted) {
                    queue.changed(pod);
                } else {
                    queue.refresh(pod);
                }
                String nominated = before.text("status", "nominatedNodeName");
                if (!nominated.isEmpty() && !nominated.equals(pod.nominatedNode())) {
                    room(before);
                }
                return;
            }
            boolean bound =
                    before.text("spec", "nodeName").isEmpty()
                            && !after.text("spec", "nodeName").isEmpty();
            placed(after);
            if (bound || !before.labels().equals(after.labels())) {
                queue.move(queued -> queued.refusedBy().stream().anyMatch(BY_OTHER_PODS::contains));
            }
        }

        @Override
        public void deleted(KubeObject pod) {
            queue.remove(pod.uid());
            denominate(pod);
            gone(pod);
        }

        /** Its place is free. */
        private void gone(KubeObject pod) {
            if (cache.has(pod.uid())) {
                cache.podGone(pod.uid());
                queue.move(queued -> true);
            }
        }
    }

    private final class Nodes implements Informer.Handler {

        @Override
        public void added(KubeObject node) {
            cache.node(node);
            queue.move(queued -> true);
        }

        @Override
        public void updated(KubeObject before, KubeObject after) {
            cache.node(after);
            if (!Json.same(before.at("spec"), after.at("spec"))
                    || !before.labels().equals(after.labels())
                    || !Json.same(
                            before.at("status", "allocatable"),
                            after.at("status", "allocatable"))) {
                queue.move(queued -> true);
            }
        }

        @Override
        public void deleted(KubeObject node) {
            cache.nodeGone(node.name());
            queue.move(queued -> queued.refusedBy().stream().anyMatch(BY_OTHER_PODS::contains));
        }
    }

    private final class Storage implements Informer.Handler {

        @Override
        public void added(KubeObject object) {
            cache.storage(object);
            retry();
        }

        @Override
        public void updated(KubeObject before, KubeObject after) {
            added(after);
        }

        @Override
        public void deleted(KubeObject object) {
            cache.storageGone(object);
            retry();
        }

        private void retry() {
            queue.move(queued -> queued.refusedBy().contains("VolumeBinding"));
        }
    }

    /** They make no pod fit; they only tell victims apart. */
    private final class Budgets implements Informer.Handler {

        @Override
        public void added(KubeObject budget) {
            cache.storage(budget);
        }

        @Override
        public void updated(KubeObject before, KubeObject after) {
            cache.storage(after);
        }

        @Override
        public void deleted(KubeObject budget) {
            cache.storageGone(budget);
        }
    }

    private final class Namespaces implements Informer.Handler {

        @Override
        public void added(KubeObject namespace) {
            cache.namespace(namespace);
        }

        @Override
        public void updated(KubeObject before, KubeObject after) {
            cache.namespace(after);
        }

        @Override
        public void deleted(KubeObject namespace) {
            cache.namespaceGone(namespace.name());
        }
    }
}
