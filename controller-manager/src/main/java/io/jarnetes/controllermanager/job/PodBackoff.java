package io.jarnetes.controllermanager.job;

import io.jarnetes.controllermanager.framework.Pods;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** When a Job whose pods failed may have new ones. */
final class PodBackoff {

    private static final Duration FIRST = Duration.ofSeconds(10);
    private static final Duration LAST = Duration.ofMinutes(10);

    private PodBackoff() {}

    /** How long to wait after the last failure: 10 s, doubled with each up to 10 minutes. */
    static Duration left(List<KubeObject> pods, int failed, Instant now) {
        if (failed == 0) {
            return Duration.ZERO;
        }
        Instant last = Instant.MIN;
        for (KubeObject pod : pods) {
            if (Pods.phase(pod).equals("Failed")) {
                Instant ended = ended(pod);
                last = ended.isAfter(last) ? ended : last;
            }
        }
        if (last.equals(Instant.MIN)) {
            return Duration.ZERO;
        }
        Duration wait = FIRST.multipliedBy(1L << Math.min(failed - 1, 10));
        wait = wait.compareTo(LAST) > 0 ? LAST : wait;
        return Duration.between(now, last.plus(wait));
    }

    private static Instant ended(KubeObject pod) {
        Instant last = pod.creationTimestamp();
        for (JsonNode status : pod.at("status", "containerStatuses")) {
            Instant finished =
                    KubeObject.time(Json.at(status, "state", "terminated", "finishedAt"))
                            .orElse(last);
            last = finished.isAfter(last) ? finished : last;
        }
        return last;
    }
}
