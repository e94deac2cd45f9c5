package io.jarnetes.controllermanager.ttlafterfinished;

import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.Keyed;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks the server before it deletes, since the informer may lag behind a changed TTL. */
public final class TtlAfterFinished {

    private final Clock clock;
    private final ApiClient client;
    private final Informer jobs;
    private final Keyed keyed;

    private TtlAfterFinished(ControllerContext context) {
        this.clock = context.clock();
        this.client = context.client("ttl-after-finished-controller");
        this.jobs = context.informer(Resource.JOBS);
        this.keyed = new Keyed(context, "ttlafterfinished", 5, this::reconcile).watch(jobs);
    }

    public static Controller start(ControllerContext context) {
        return new TtlAfterFinished(context).keyed.start();
    }

    private void reconcile(String key) {
        KubeObject job = jobs.get(key).orElse(null);
        Instant expires = job == null ? null : expires(job).orElse(null);
        if (job == null || expires == null || job.deleting()) {
            return;
        }
        Duration left = Duration.between(clock.instant(), expires);
        if (left.isPositive()) {
            keyed.addAfter(key, left);
            return;
        }
        KubeObject live = client.find(Resource.JOBS, job.namespace(), job.name()).orElse(null);
        if (live == null
                || !live.uid().equals(job.uid())
                || expires(live).filter(at -> !at.isAfter(clock.instant())).isEmpty()) {
            return;
        }
        ObjectNode options = ApiClient.onlyUid(live.uid());
        options.put("propagationPolicy", "Foreground");
        client.deleteIfThere(Resource.JOBS.path(live), options);
    }

    /** Empty for a Job that is not finished or has no TTL. */
    static Optional<Instant> expires(KubeObject job) {
        JsonNode ttl = job.at("spec", "ttlSecondsAfterFinished");
        if (!ttl.isNumber()) {
            return Optional.empty();
        }
        for (String type : new String[] {"Complete", "Failed"}) {
            if (job.conditionTrue(type)) {
                return KubeObject.time(Json.at(job.condition(type), "lastTransitionTime"))
                        .map(at -> at.plusSeconds(ttl.asLong(0)));
            }
        }
        return Optional.empty();
    }
}
