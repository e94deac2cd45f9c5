package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Strategy;
import io.jarnetes.apiserver.server.registry.pods.PodRules;
import io.jarnetes.apiserver.server.registry.rules.CheckedStrategies;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import io.jarnetes.apiserver.server.registry.validation.SelectorRules;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Deployments, ReplicaSets, StatefulSets and DaemonSets: selectors, templates, strategies. */
final class WorkloadStrategy implements Strategy {

    private static final List<String> ALWAYS = List.of("Always");
    private static final List<String> RETENTION = List.of("Retain", "Delete");
    private static final List<String> REPLICA_COUNTERS =
            List.of(
                    "replicas",
                    "fullyLabeledReplicas",
                    "readyReplicas",
                    "availableReplicas",
                    "observedGeneration",
                    "terminatingReplicas");
    private static final List<String> DEPLOYMENT_COUNTERS =
            List.of(
                    "observedGeneration",
                    "replicas",
                    "updatedReplicas",
                    "readyReplicas",
                    "availableReplicas",
                    "unavailableReplicas",
                    "terminatingReplicas",
                    "collisionCount");
    private static final List<String> STATEFUL_COUNTERS =
            List.of(
                    "replicas",
                    "readyReplicas",
                    "currentReplicas",
                    "updatedReplicas",
                    "availableReplicas",
                    "observedGeneration",
                    "collisionCount");
    private static final List<String> DAEMON_COUNTERS =
            List.of(
                    "currentNumberScheduled",
                    "numberMisscheduled",
                    "desiredNumberScheduled",
                    "numberReady",
                    "observedGeneration",
                    "updatedNumberScheduled",
                    "numberAvailable",
                    "numberUnavailable",
                    "collisionCount");

    private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

    /** What is checked besides selector and template. */
    enum Kind {
        DEPLOYMENT,
        REPLICA_SET,
        STATEFUL_SET,
        DAEMON_SET
    }

    private final Kind kind;
    private final PodRules pods = new PodRules();

    WorkloadStrategy(Kind kind) {
        this.kind = kind;
    }

    @Override
    public void prepareForCreate(RequestContext context, ObjectNode object) {
        if (kind == Kind.STATEFUL_SET) {
            dropUngated(object);
        } else if (kind == Kind.DAEMON_SET) {
            Meta.child(Meta.of(object), "annotations").put(TEMPLATE_GENERATION, "1");
        }
    }

    @Override
    public void prepareForUpdate(RequestContext context, ObjectNode object, ObjectNode old) {
        if (kind == Kind.STATEFUL_SET) {
            dropUngated(object);
        } else if (kind == Kind.DAEMON_SET) {
            templateGeneration(object, old);
        }
    }

    /** Fields of features that are off by default. */
    private static void dropUngated(ObjectNode object) {
        if (object.at("/spec/updateStrategy/rollingUpdate") instanceof ObjectNode rolling) {
            rolling.remove("maxUnavailable");
        }
    }

    /** Counts the templates, in an annotation, for what once was a field. */
    private static void templateGeneration(ObjectNode object, ObjectNode old) {
        String before = Meta.annotations(old).getOrDefault(TEMPLATE_GENERATION, "0");
        long generation = before.matches("[0-9]{1,18}") ? Long.parseLong(before) : 0;
        boolean same =
                Meta.semanticallyEqual(
                        object.path("spec").path("template"), old.path("spec").path("template"));
        Meta.child(Meta.of(object), "annotations")
                .put(TEMPLATE_GENERATION, Long.toString(same ? generation : generation + 1));
    }

    @Override
    public void validate(ObjectNode object, FieldErrors errors) {
        JsonNode spec = object.path("spec");
        switch (kind) {
            case DEPLOYMENT -> {
                nonNegative(spec, "replicas", errors);
                selector(spec, errors);
                template(spec, errors);
                DeploymentRules.strategy(spec.path("strategy"), errors);
                nonNegative(spec, "minReadySeconds", errors);
                nonNegative(spec, "revisionHistoryLimit", errors);
                DeploymentRules.progressDeadline(spec, errors);
            }
            case REPLICA_SET -> {
                nonNegative(spec, "replicas", errors);
                nonNegative(spec, "minReadySeconds", errors);
                selector(spec, errors);
                template(spec, errors);
            }
            case STATEFUL_SET -> {
                statefulSet(spec, errors);
                selector(spec, errors);
                template(withClaims(spec), errors);
            }
            case DAEMON_SET -> {
                selector(spec, errors);
                template(spec, errors);
                nonNegative(spec, "minReadySeconds", errors);
                DeploymentRules.daemonUpdate(spec.path("updateStrategy"), errors);
                nonNegative(spec, "revisionHistoryLimit", errors);
            }
        }
    }

    @Override
    public void validateUpdate(ObjectNode object, ObjectNode old, FieldErrors errors) {
        JsonNode selector = object.path("spec").path("selector");
        boolean other = !Meta.semanticallyEqual(selector, old.path("spec").path("selector"));
        if (other && kind == Kind.DAEMON_SET) {
            errors.invalid("spec.selector", selector, "field is immutable");
        }
        validate(object, errors);
        if (other && (kind == Kind.DEPLOYMENT || kind == Kind.REPLICA_SET)) {
            errors.invalid("spec.selector", selector, "field is immutable");
        }
        if (kind == Kind.STATEFUL_SET) {
            statefulSetUpdate(object, old, errors);
        }
    }

    @Override
    public void validateStatusUpdate(ObjectNode object, ObjectNode old, FieldErrors errors) {
        JsonNode status = object.path("status");
        switch (kind) {
            case DEPLOYMENT ->
                    CheckedStrategies.counters(
                            status,
                            DEPLOYMENT_COUNTERS,
                            List.of("updatedReplicas", "readyReplicas", "availableReplicas"),
                            "readyReplicas",
                            errors);
            case REPLICA_SET ->
                    CheckedStrategies.counters(
                            status,
                            REPLICA_COUNTERS,
                            List.of("fullyLabeledReplicas", "readyReplicas", "availableReplicas"),
                            "readyReplicas",
                            errors);
            case STATEFUL_SET ->
                    CheckedStrategies.counters(
                            status,
                            STATEFUL_COUNTERS,
                            List.of(
                                    "readyReplicas",
                                    "currentReplicas",
                                    "updatedReplicas",
                                    "availableReplicas"),
                            "status.readyReplicas",
                            errors);
            case DAEMON_SET ->
                    DAEMON_COUNTERS.forEach(field -> nonNegative(status, "status", field, errors));
        }
    }

    @Override
    public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return PodWarnings.of(object.path("spec").path("template"), "spec.template.");
    }

    private void selector(JsonNode spec, FieldErrors errors) {
        JsonNode selector = spec.get("selector");
        if (selector == null || selector.isNull()) {
            errors.required("spec.selector", "");
            return;
        }
        SelectorRules.validate(selector, "spec.selector", errors);
        if (selector.path("matchLabels").isEmpty() && selector.path("matchExpressions").isEmpty()) {
            String name = kind.name().replace("_", "").toLowerCase(Locale.ROOT);
            errors.invalid("spec.selector", selector, "empty selector is invalid for " + name);
        }
    }

    private void template(JsonNode spec, FieldErrors errors) {
        JsonNode template = spec.path("template");
        JsonNode labels = template.path("metadata").path("labels");
        JsonNode selector = spec.path("selector");
        if (SelectorRules.isValid(selector)) {
            SelectorRules.matchesTemplate(selector, labels, errors);
        } else if (kind != Kind.DAEMON_SET) {
            // What a template is to match isn't known.
            errors.invalid(
                    "spec.selector",
                    selector,
                    kind == Kind.STATEFUL_SET ? "" : "invalid label selector");
            return;
        }
        pods.validateTemplate(template, "spec.template", errors);
        String policy = template.path("spec").path("restartPolicy").asString("");
        boolean known = List.of("Always", "OnFailure", "Never").contains(policy);
        if (!policy.equals("Always") && known) {
            errors.notSupported("spec.template.spec.restartPolicy", policy, ALWAYS);
        }
        if (template.path("spec").hasNonNull("activeDeadlineSeconds")) {
            String where =
                    switch (kind) {
                        case DEPLOYMENT, REPLICA_SET -> "ReplicaSet";
                        case STATEFUL_SET -> "StatefulSet";
                        case DAEMON_SET -> "DaemonSet";
                    };
            errors.forbidden(
                    "spec.template.spec.activeDeadlineSeconds",
                    "activeDeadlineSeconds in " + where + " is not Supported");
        }
    }

    /** The controller names hosts, and mounts the claims in place of volumes of their names. */
    private static JsonNode withClaims(JsonNode spec) {
        ObjectNode copy = (ObjectNode) spec.deepCopy();
        ObjectNode pod = Meta.child(Meta.child(copy, "template"), "spec");
        pod.remove(List.of("subdomain", "hostname"));
        if (spec.path("volumeClaimTemplates").isEmpty()) {
            return copy;
        }
        Set<String> names = new HashSet<>();
        ArrayNode volumes = JsonNodeFactory.instance.arrayNode();
        for (JsonNode claim : spec.path("volumeClaimTemplates")) {
            String name = claim.path("metadata").path("name").asString("");
            if (names.add(name)) {
                ObjectNode volume = volumes.addObject().put("name", name);
                volume.putObject("persistentVolumeClaim").put("claimName", name);
            }
        }
        for (JsonNode volume : pod.path("volumes")) {
            if (!names.contains(volume.path("name").asString(""))) {
                volumes.add(volume);
            }
        }
        pod.set("volumes", volumes);
        return copy;
    }

    private static void statefulSet(JsonNode spec, FieldErrors errors) {
        String management = spec.path("podManagementPolicy").asString("");
        if (management.isEmpty()) {
            errors.required("spec.podManagementPolicy", "");
        } else if (!management.equals("OrderedReady") && !management.equals("Parallel")) {
            errors.invalid(
                    "spec.podManagementPolicy", management, "must be 'OrderedReady' or 'Parallel'");
        }
        DeploymentRules.statefulUpdate(spec.path("updateStrategy"), errors);
        JsonNode retention = spec.path("persistentVolumeClaimRetentionPolicy");
        for (String when : List.of("whenDeleted", "whenScaled")) {
            String policy = retention.path(when).asString("");
            if (retention.isObject() && !RETENTION.contains(policy)) {
                errors.notSupported(
                        "spec.persistentVolumeClaimRetentionPolicy." + when, policy, RETENTION);
            }
        }
        JsonNode claims = spec.path("volumeClaimTemplates");
        for (int i = 0; i < claims.size(); i++) {
            CheckedStrategies.claimTemplate(
                    claims.path(i), "spec.volumeClaimTemplates[" + i + "]", errors);
        }
        nonNegative(spec, "replicas", errors);
        nonNegative(spec, "minReadySeconds", errors);
        nonNegative(spec.path("ordinals"), "spec.ordinals", "start", errors);
        String service = spec.path("serviceName").asString("");
        if (!service.isEmpty()) {
            errors.invalid("spec.serviceName", service, NameRules.dns1123Label(service));
        }
    }

    private static void statefulSetUpdate(ObjectNode object, ObjectNode old, FieldErrors errors) {
        ObjectNode mine = Meta.child(object, "spec").deepCopy();
        ObjectNode theirs = Meta.child(old, "spec").deepCopy();
        List<String> mutable =
                List.of(
                        "replicas",
                        "ordinals",
                        "template",
                        "updateStrategy",
                        "revisionHistoryLimit",
                        "persistentVolumeClaimRetentionPolicy",
                        "minReadySeconds");
        mine.remove(mutable);
        theirs.remove(mutable);
        if (!Meta.semanticallyEqual(mine, theirs)) {
            errors.forbidden(
                    "spec",
                    "updates to statefulset spec for fields other than 'replicas', 'ordinals',"
                            + " 'template', 'updateStrategy', 'revisionHistoryLimit',"
                            + " 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are"
                            + " forbidden");
        }
    }

    static void nonNegative(JsonNode spec, String field, FieldErrors errors) {
        nonNegative(spec, "spec", field, errors);
    }

    static void nonNegative(JsonNode spec, String path, String field, FieldErrors errors) {
        JsonNode value = spec.path(field);
        if (value.isNumber() && value.asLong() < 0) {
            errors.invalid(path + "." + field, value, "must be greater than or equal to 0");
        }
    }
}
