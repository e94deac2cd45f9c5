package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.DeleteOptions;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Strategy;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import io.jarnetes.apiserver.server.registry.validation.SelectorRules;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Jobs: generated selectors, immutable templates, and dependents that stay by default. */
final class JobStrategy implements Strategy {

    private static final String JOB_NAME = "batch.kubernetes.io/job-name";
    private static final String CONTROLLER_UID = "batch.kubernetes.io/controller-uid";

    private final JobRules rules = new JobRules();

    @Override
    public void prepareForCreate(RequestContext context, ObjectNode job) {
        ObjectNode spec = Meta.child(job, "spec");
        if (spec.path("manualSelector").asBoolean(false)) {
            return;
        }
        ObjectNode template = Meta.child(spec, "template");
        ObjectNode labels = Meta.child(Meta.child(template, "metadata"), "labels");
        for (String name : List.of("job-name", JOB_NAME)) {
            if (!labels.has(name)) {
                labels.put(name, Meta.name(job));
            }
        }
        for (String name : List.of("controller-uid", CONTROLLER_UID)) {
            if (!labels.has(name)) {
                labels.put(name, Meta.uid(job));
            }
        }
        ObjectNode match = Meta.child(Meta.child(spec, "selector"), "matchLabels");
        if (!match.has(CONTROLLER_UID)) {
            match.put(CONTROLLER_UID, Meta.uid(job));
        }
    }

    @Override
    public void validate(ObjectNode job, FieldErrors errors) {
        JsonNode spec = job.path("spec");
        if (!spec.path("manualSelector").asBoolean(false)) {
            generatedSelector(job, spec, errors);
        }
        rules.validateSpec(spec, "spec", errors);
        if (SelectorRules.isValid(spec.path("selector"))) {
            SelectorRules.matchesTemplate(
                    spec.path("selector"),
                    spec.path("template").path("metadata").path("labels"),
                    errors);
        }
        hostnames(job, spec, errors);
    }

    /** An indexed Job's pods are called by their indexes, the last of which is the longest. */
    private static void hostnames(ObjectNode job, JsonNode spec, FieldErrors errors) {
        long completions = spec.path("completions").asLong(0);
        if (!spec.path("completionMode").asString("").equals("Indexed") || completions <= 0) {
            return;
        }
        String longest = Meta.name(job) + "-" + (completions - 1);
        if (!NameRules.dns1123Label(longest).isEmpty()) {
            errors.invalid(
                    "metadata.name",
                    Meta.name(job),
                    "will not able to create pod with invalid DNS label: " + longest);
        }
    }

    private static void generatedSelector(ObjectNode job, JsonNode spec, FieldErrors errors) {
        ObjectNode expected = Meta.object();
        expected.putObject("matchLabels").put(CONTROLLER_UID, Meta.uid(job));
        ObjectNode legacy = Meta.object();
        legacy.putObject("matchLabels").put("controller-uid", Meta.uid(job));
        JsonNode selector = spec.path("selector");
        if (!Meta.semanticallyEqual(selector, expected)
                && !Meta.semanticallyEqual(selector, legacy)) {
            errors.invalid("spec.selector", selector, "`selector` not auto-generated");
        }
    }

    @Override
    public void validateUpdate(ObjectNode job, ObjectNode old, FieldErrors errors) {
        validate(job, errors);
        rules.validateUpdate(job.path("spec"), old.path("spec"), "spec", errors);
    }

    @Override
    public void validateStatusUpdate(ObjectNode job, ObjectNode old, FieldErrors errors) {
        JobStatusRules.validate(job, old, errors);
    }

    @Override
    public List<String> warnings(ObjectNode job, @Nullable ObjectNode old) {
        List<String> warnings = new ArrayList<>();
        List<String> complaints = NameRules.dns1123Label(Meta.name(job));
        if (old == null && !complaints.isEmpty()) {
            warnings.add(
                    "metadata.name: this is used in Pod names and hostnames, which can result in"
                            + " surprising behavior; a DNS label is recommended: ["
                            + String.join(" ", complaints)
                            + "]");
        }
        warnings.addAll(PodWarnings.of(job.path("spec").path("template"), "spec.template."));
        return warnings;
    }

    @Override
    public DeleteOptions.Propagation defaultPropagation() {
        return DeleteOptions.Propagation.ORPHAN;
    }

    @Override
    public List<String> warningsOnDelete(DeleteOptions options) {
        return List.of(
                "child pods are preserved by default when jobs are deleted; set"
                        + " propagationPolicy=Background to remove them or set"
                        + " propagationPolicy=Orphan to suppress this warning");
    }
}
