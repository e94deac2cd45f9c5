package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Strategy;
import io.jarnetes.apiserver.server.registry.pods.PodRules;
import io.jarnetes.apiserver.server.registry.pods.PodStatusRules;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Pods: phase and QoS at birth, few mutable fields, graceful deletion. */
final class PodStrategy implements Strategy {

    private final PodRules rules = new PodRules();

    @Override
    public void prepareForCreate(RequestContext context, ObjectNode pod) {
        ObjectNode status = pod.putObject("status");
        status.put("phase", "Pending");
        if (!pod.path("spec").path("schedulingGates").isEmpty()) {
            ObjectNode condition = status.putArray("conditions").addObject();
            condition.put("type", "PodScheduled");
            condition.put("status", "False");
            condition.putNull("lastProbeTime");
            condition.putNull("lastTransitionTime");
            condition.put("reason", "SchedulingGated");
            condition.put("message", "Scheduling is blocked due to non-empty scheduling gates");
        }
        status.put("qosClass", PodQos.of(pod.path("spec")));
        AppArmor.settle(context, pod);
    }

    /** {@code pods/status}: the owner, the QoS class and the deletion are not the kubelet's. */
    static void restrictStatus(RequestContext context, ObjectNode pod, ObjectNode old) {
        Meta.copyField(old, pod, "spec");
        Meta.of(pod).remove("deletionTimestamp");
        Meta.copyField(Meta.of(old), Meta.of(pod), "ownerReferences");
        ObjectNode status = Meta.child(pod, "status");
        settleAddresses(status);
        if (status.path("qosClass").asString("").isEmpty() && old.path("status").isObject()) {
            Meta.copyField(Meta.child(old, "status"), status, "qosClass");
        }
    }

    /** Who knows only the older field writes only that: it counts where both differ. */
    private static void settleAddresses(ObjectNode status) {
        String one = status.path("podIP").asString("");
        if (!one.isEmpty() && !one.equals(status.path("podIPs").path(0).path("ip").asString(""))) {
            status.putArray("podIPs").addObject().put("ip", one);
        }
    }

    @Override
    public void validate(ObjectNode pod, FieldErrors errors) {
        rules.validateCreate(pod.path("spec"), errors);
    }

    @Override
    public void validateUpdate(ObjectNode pod, ObjectNode old, FieldErrors errors) {
        rules.validatePod(pod.path("spec"), errors);
        rules.validateUpdate(pod, old, errors);
    }

    @Override
    public void validateStatusUpdate(ObjectNode pod, ObjectNode old, FieldErrors errors) {
        PodStatusRules.validate(pod, old, errors);
    }

    @Override
    public List<String> warnings(ObjectNode pod, @Nullable ObjectNode old) {
        return PodWarnings.of(pod, "");
    }

    @Override
    public @Nullable Long gracePeriodSeconds(ObjectNode pod, @Nullable Long requested) {
        JsonNode own = pod.path("spec").path("terminationGracePeriodSeconds");
        long seconds = requested == null ? own.asLong(0) : requested;
        String phase = pod.path("status").path("phase").asString("");
        boolean unscheduled = pod.path("spec").path("nodeName").asString("").isEmpty();
        if (unscheduled || phase.equals("Failed") || phase.equals("Succeeded")) {
            return 0L;
        }
        return seconds < 0 ? 1L : seconds;
    }
}
