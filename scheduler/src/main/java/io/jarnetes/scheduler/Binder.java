package io.jarnetes.scheduler;

import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.kubeclient.StoppedException;
import io.jarnetes.scheduler.framework.PodInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives pods to nodes. A request whose answer is lost may have bound the pod, or may do so yet:
 * whoever took the place for free then would overcommit the node. So it is asked again until the
 * server answers.
 */
final class Binder {

    private static final int GATEWAY_TIMEOUT = 504;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LAST_PAUSE = Duration.ofSeconds(1);

    /** A request that was sent longer ago is over, one way or the other. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ApiClient client;
    private final Clock clock;

    Binder(ApiClient client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * @return the node that the pod is on: another one if somebody else was faster
     * @throws ApiException when the server refuses, or hasn't answered for a minute
     */
    String bind(PodInfo pod, String node) {
        Instant end = clock.instant().plus(PATIENCE);
        Duration pause = FIRST_PAUSE;
        while (true) {
            try {
                return ask(pod, node);
            } catch (ApiException e) {
                boolean lost = e.code() == 0 || e.code() == GATEWAY_TIMEOUT;
                if (!lost || !clock.instant().isBefore(end)) {
                    throw e;
                }
            }
            sleep(pause);
            pause = pause.multipliedBy(2);
            pause = pause.compareTo(LAST_PAUSE) < 0 ? pause : LAST_PAUSE;
        }
    }

    private String ask(PodInfo pod, String node) {
        ObjectNode target = Json.of("kind", "Node", "name", node);
        ObjectNode metadata =
                Json.of("name", pod.pod().name(), "namespace", pod.namespace(), "uid", pod.uid());
        try {
            client.create(
                    Resource.PODS.path(pod.pod(), "binding"),
                    Json.of(
                            "apiVersion",
                            "v1",
                            "kind",
                            "Binding",
                            "metadata",
                            metadata,
                            "target",
                            target));
            return node;
        } catch (ApiException e) {
            if (!e.conflict()) {
                throw e;
            }
            // It may be bound already, by an earlier request of ours too.
            return client.find(Resource.PODS, pod.namespace(), pod.pod().name())
                    .filter(found -> found.uid().equals(pod.uid()))
                    .map(Binder::nodeOf)
                    .filter(found -> !found.isEmpty())
                    .orElseThrow(() -> e);
        }
    }

    private static String nodeOf(KubeObject pod) {
        return pod.text("spec", "nodeName");
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoppedException();
        }
    }
}
