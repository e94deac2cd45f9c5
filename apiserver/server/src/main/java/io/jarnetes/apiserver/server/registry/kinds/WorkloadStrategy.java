package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.Strategy;
import io.jarnetes.apiserver.server.registry.pods.PodRules;
import io.jarnetes.apiserver.server.registry.validation.SelectorRules;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Deployments, ReplicaSets, StatefulSets and DaemonSets: selectors, templates, strategies. */
final class WorkloadStrategy implements Strategy {

    private static final List<String> ALWAYS = List.of("Always");

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
                nonNegative(spec, "replicas", errors);
                nonNegative(spec, "minReadySeconds", errors);
                selector(spec, errors);
                template(spec, errors);
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
        validate(object, errors);
        JsonNode selector = object.path("spec").path("selector");
        if (!Meta.semanticallyEqual(selector, old.path("spec").path("selector"))) {
            if (kind == Kind.STATEFUL_SET) {
                return;
            }
            errors.invalid("spec.selector", selector, "field is immutable");
        }
        if (kind == Kind.STATEFUL_SET) {
            statefulSetUpdate(object, old, errors);
        }
    }

    @Override
    public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return PodWarnings.of(
                object.path("spec").path("template").path("spec"),
                "spec.template.spec",
                old == null);
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
        SelectorRules.matchesTemplate(spec.path("selector"), labels, errors);
        if (kind == Kind.STATEFUL_SET) {
            JsonNode claims = spec.path("volumeClaimTemplates");
            pods.validateTemplate(template, claims, "spec.template", errors);
        } else {
            pods.validateTemplate(template, "spec.template", errors);
        }
        String policy = template.path("spec").path("restartPolicy").asString("");
        boolean known = List.of("Always", "OnFailure", "Never").contains(policy);
        if (!policy.equals("Always") && known) {
            errors.notSupported("spec.template.spec.restartPolicy", policy, ALWAYS);
        }
        if (kind == Kind.STATEFUL_SET && template.path("spec").has("activeDeadlineSeconds")) {
            errors.forbidden(
                    "spec.template.spec.activeDeadlineSeconds",
                    "activeDeadlineSeconds in StatefulSet is not Supported");
        }
    }

    private static void statefulSet(JsonNode spec, FieldErrors errors) {
        String management = spec.path("podManagementPolicy").asString("");
        if (management.isEmpty()) {
            errors.required("spec.podManagementPolicy", "");
        } else if (!management.equals("OrderedReady") && !management.equals("Parallel")) {
            errors.invalid(
                    "spec.podManagementPolicy", management, "must be 'OrderedReady' or 'Parallel'");
        }
        String type = spec.path("updateStrategy").path("type").asString("");
        if (type.isEmpty()) {
            errors.required("spec.updateStrategy", "");
        } else if (!type.equals("RollingUpdate") && !type.equals("OnDelete")) {
            ObjectNode shown = Meta.object();
            shown.put("Type", type);
            shown.putNull("RollingUpdate");
            errors.invalid("spec.updateStrategy", shown, "must be 'RollingUpdate' or 'OnDelete'");
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
