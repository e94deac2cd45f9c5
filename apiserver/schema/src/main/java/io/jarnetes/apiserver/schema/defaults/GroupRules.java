package io.jarnetes.apiserver.schema.defaults;

import io.jarnetes.apiserver.schema.codec.GoTime;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Defaults of the other groups that depend on other fields. */
final class GroupRules {
    private static final String API = "io.k8s.api.";
    private static final String EXTENSIONS =
            "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.";
    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final long BACKOFF_LIMIT = 6;
    private static final long CPU_PERCENT = 80;
    private static final long SCALE_PERIOD_SECONDS = 15;

    private GroupRules() {}

    static void addTo(Map<String, Consumer<ObjectNode>> rules, InstantSource clock) {
        rules.put(API + "apps.v1.DeploymentStrategy", GroupRules::rollingUpdate);
        rules.put(API + "apps.v1.DaemonSetUpdateStrategy", GroupRules::rollingUpdate);
        rules.put(API + "apps.v1.StatefulSetUpdateStrategy", GroupRules::statefulSetStrategy);
        rules.put(API + "batch.v1.Job", GroupRules::job);
        rules.put(API + "autoscaling.v2.HorizontalPodAutoscalerBehavior", GroupRules::behavior);
        rules.put(API + "autoscaling.v1.HorizontalPodAutoscaler", GroupRules::cpuTarget);
        rules.put(API + "networking.v1.NetworkPolicySpec", GroupRules::networkPolicy);
        rules.put(API + "rbac.v1.Subject", GroupRules::subject);
        rules.put(API + "resource.v1.ExactDeviceRequest", GroupRules::deviceCount);
        rules.put(API + "resource.v1.DeviceSubRequest", GroupRules::deviceCount);
        rules.put(
                API + "resource.v1.DeviceTaint",
                taint -> {
                    if (!taint.has("timeAdded")) {
                        taint.put("timeAdded", GoTime.seconds(clock.instant()));
                    }
                });
        rules.put(EXTENSIONS + "CustomResourceDefinitionSpec", GroupRules::customNames);
    }

    private static void rollingUpdate(ObjectNode strategy) {
        String type = Trees.text(strategy, "type");
        if (type.isEmpty() || type.equals("RollingUpdate")) {
            Trees.child(strategy, "rollingUpdate");
        }
    }

    private static void statefulSetStrategy(ObjectNode strategy) {
        if (Trees.text(strategy, "type").isEmpty()) {
            strategy.put("type", "RollingUpdate");
            Trees.child(strategy, "rollingUpdate");
        }
    }

    private static void job(ObjectNode job) {
        ObjectNode spec = Trees.child(job, "spec");
        if (!spec.has("completions") && !spec.has("parallelism")) {
            spec.put("completions", 1L);
        }
        if (!spec.has("parallelism")) {
            spec.put("parallelism", 1L);
        }
        if (!spec.has("backoffLimit")) {
            boolean byIndex = spec.has("backoffLimitPerIndex");
            spec.put("backoffLimit", byIndex ? Integer.MAX_VALUE : BACKOFF_LIMIT);
        }
        if (!spec.has("podReplacementPolicy")) {
            boolean failures = spec.has("podFailurePolicy");
            spec.put("podReplacementPolicy", failures ? "Failed" : "TerminatingOrFailed");
        }
        for (String flag : new String[] {"manualSelector", "suspend"}) {
            if (!spec.has(flag)) {
                spec.put(flag, false);
            }
        }
        if (!spec.has("completionMode")) {
            spec.put("completionMode", "NonIndexed");
        }
        JsonNode labels = spec.at("/template/metadata/labels");
        ObjectNode metadata = Trees.child(job, "metadata");
        if (!labels.isEmpty() && metadata.path("labels").isEmpty()) {
            metadata.set("labels", labels.deepCopy());
        }
    }

    /** v2's default metric, which a v1 object gets by being stored as v2. */
    private static void cpuTarget(ObjectNode autoscaler) {
        ObjectNode spec = Trees.child(autoscaler, "spec");
        boolean others =
                autoscaler
                        .path("metadata")
                        .path("annotations")
                        .has("autoscaling.alpha.kubernetes.io/metrics");
        if (!others && !spec.has("targetCPUUtilizationPercentage")) {
            spec.put("targetCPUUtilizationPercentage", CPU_PERCENT);
        }
    }

    private static void behavior(ObjectNode behavior) {
        ObjectNode up = Trees.child(behavior, "scaleUp");
        if (!up.has("stabilizationWindowSeconds")) {
            up.put("stabilizationWindowSeconds", 0L);
        }
        if (up.path("policies").isEmpty()) {
            ArrayNode policies = up.putArray("policies");
            policy(policies, "Pods", 4L);
            policy(policies, "Percent", 100L);
        }
        ObjectNode down = Trees.child(behavior, "scaleDown");
        if (down.path("policies").isEmpty()) {
            policy(down.putArray("policies"), "Percent", 100L);
        }
    }

    private static void policy(ArrayNode policies, String type, long value) {
        policies.addObject()
                .put("type", type)
                .put("value", value)
                .put("periodSeconds", SCALE_PERIOD_SECONDS);
    }

    private static void networkPolicy(ObjectNode spec) {
        if (spec.path("policyTypes").isEmpty()) {
            ArrayNode types = spec.putArray("policyTypes").add("Ingress");
            if (!spec.path("egress").isEmpty()) {
                types.add("Egress");
            }
        }
    }

    private static void subject(ObjectNode subject) {
        String kind = Trees.text(subject, "kind");
        if (Trees.text(subject, "apiGroup").isEmpty()
                && (kind.equals("User") || kind.equals("Group"))) {
            subject.put("apiGroup", RBAC);
        }
    }

    private static void deviceCount(ObjectNode request) {
        String mode = Trees.text(request, "allocationMode");
        if ((mode.isEmpty() || mode.equals("ExactCount")) && Trees.unset(request.get("count"))) {
            request.put("count", 1L);
        }
    }

    private static void customNames(ObjectNode spec) {
        ObjectNode names = Trees.child(spec, "names");
        String kind = Trees.text(names, "kind");
        if (Trees.text(names, "singular").isEmpty()) {
            names.put("singular", kind.toLowerCase(Locale.ROOT));
        }
        if (Trees.text(names, "listKind").isEmpty() && !kind.isEmpty()) {
            names.put("listKind", kind + "List");
        }
    }
}
