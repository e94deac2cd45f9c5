package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a Job's status may say and become, in upstream's order. Most rules look only at what this
 * update changes: a status that is wrong already may be improved step by step.
 */
final class JobStatusRules {

    private static final List<String> COUNTERS =
            List.of("active", "succeeded", "failed", "ready", "terminating");

    private final JsonNode spec;
    private final JsonNode status;
    private final JsonNode before;
    private final FieldErrors errors;
    private final boolean finished;
    private final boolean finishedChanged;
    private final boolean completeChanged;

    private JobStatusRules(ObjectNode job, ObjectNode old, FieldErrors errors) {
        this.spec = job.path("spec");
        this.status = job.path("status");
        this.before = old.path("status");
        this.errors = errors;
        this.finished = is("Complete") || is("Failed");
        this.finishedChanged = finished != (was("Complete") || was("Failed"));
        this.completeChanged = is("Complete") != was("Complete");
    }

    static void validate(ObjectNode job, ObjectNode old, FieldErrors errors) {
        JobStatusRules rules = new JobStatusRules(job, old, errors);
        COUNTERS.forEach(
                counter -> WorkloadStrategy.nonNegative(rules.status, "status", counter, errors));
        rules.uncounted();
        rules.conditionsAndTimes();
        rules.ends();
        rules.indexes();
        rules.pods();
        rules.criteria();
        rules.changes();
    }

    private void uncounted() {
        for (String list : List.of("succeeded", "failed")) {
            Set<String> seen = new HashSet<>();
            JsonNode uids = status.path("uncountedTerminatedPods").path(list);
            for (int i = 0; i < uids.size(); i++) {
                String path = "status.uncountedTerminatedPods." + list + "[" + i + "]";
                String uid = uids.path(i).asString("");
                if (uid.isEmpty()) {
                    errors.invalid(path, uid, "must not be empty");
                } else if (!seen.add(uid)) {
                    errors.duplicate(path, uid);
                }
            }
        }
    }

    private void conditionsAndTimes() {
        boolean complete = is("Complete");
        if ((completeChanged || changed("Failed")) && complete && is("Failed")) {
            condition("cannot set Complete=True and Failed=true conditions");
        }
        if ((completeChanged || changed("FailureTarget")) && complete && is("FailureTarget")) {
            condition("cannot set Complete=True and FailureTarget=true conditions");
        }
        JsonNode completion = status.path("completionTime");
        boolean timed = status.hasNonNull("completionTime");
        boolean timeChanged = differs("completionTime");
        if ((completeChanged || timeChanged) && timed && !complete) {
            errors.invalid(
                    "status.completionTime",
                    completion,
                    "cannot set completionTime when there is no Complete=True condition");
        }
        if ((completeChanged || timeChanged) && !timed && complete) {
            errors.required(
                    "status.completionTime", "completionTime is required for Complete jobs");
        }
        String start = status.path("startTime").asString("");
        // Times of one form and zone, in whose order texts are too.
        if ((differs("startTime") || timeChanged)
                && timed
                && !start.isEmpty()
                && completion.asString("").compareTo(start) < 0) {
            errors.invalid(
                    "status.completionTime", completion, "must be equal to or after `startTime`");
        }
    }

    private void ends() {
        if ((changed("Failed") || differs("failedIndexes"))
                && is("Failed")
                && !is("FailureTarget")) {
            condition("cannot set Failed=True condition without the FailureTarget=true condition");
        }
        if ((completeChanged || changed("SuccessCriteriaMet"))
                && is("Complete")
                && !is("SuccessCriteriaMet")) {
            condition(
                    "cannot set Complete=True condition without the SuccessCriteriaMet=true"
                            + " condition");
        }
        long active = status.path("active").asLong(0);
        if ((finishedChanged || differs("active")) && finished && active > 0) {
            errors.invalid("status.active", active, "active>0 is invalid for finished job");
        }
        boolean never =
                spec.path("suspend").asBoolean(false) && spec.path("completions").asInt(-1) == 0;
        if ((finishedChanged || differs("startTime"))
                && !never
                && finished
                && !status.hasNonNull("startTime")) {
            errors.required("status.startTime", "startTime is required for finished job");
        }
        JsonNode uncounted = status.path("uncountedTerminatedPods");
        if ((finishedChanged || differs("uncountedTerminatedPods"))
                && finished
                && uncounted.path("failed").size() + uncounted.path("succeeded").size() > 0) {
            errors.invalid(
                    "status.uncountedTerminatedPods", uncounted, "must be empty for finished job");
        }
    }

    private void indexes() {
        String completed = status.path("completedIndexes").asString("");
        String failed = status.path("failedIndexes").asString("");
        boolean limited = spec.hasNonNull("completions");
        long completions = spec.path("completions").asLong(0);
        boolean perIndex = spec.hasNonNull("backoffLimitPerIndex");
        boolean anyFailed = status.hasNonNull("failedIndexes");
        boolean completedChanged = differs("completedIndexes");
        boolean failedChanged = differs("failedIndexes");
        if (completedChanged && limited) {
            readable("completedIndexes", completed, completions);
        }
        if (failedChanged && limited && perIndex && anyFailed) {
            readable("failedIndexes", failed, completions);
        }
        if (completedChanged && !completed.isEmpty() && !indexed()) {
            errors.invalid(
                    "status.completedIndexes",
                    completed,
                    "cannot set non-empty completedIndexes when non-indexed completion mode");
        }
        if (failedChanged && !perIndex && anyFailed) {
            errors.invalid(
                    "status.failedIndexes",
                    failed,
                    "cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        }
        if ((failedChanged || completedChanged) && limited && anyFailed) {
            Long both = IndexList.firstShared(completed, failed, completions);
            if (both != null) {
                errors.invalid(
                        "status.failedIndexes",
                        failed,
                        "failedIndexes and completedIndexes overlap at index: " + both);
            }
        }
    }

    private void readable(String field, String text, long completions) {
        String complaint = IndexList.parse(text, completions).complaint();
        if (complaint != null) {
            errors.invalid("status." + field, text, "error parsing " + field + ": " + complaint);
        }
    }

    private void pods() {
        long terminating = status.path("terminating").asLong(0);
        if ((finishedChanged || differs("terminating")) && finished && terminating > 0) {
            errors.invalid(
                    "status.terminating", terminating, "terminating>0 is invalid for finished job");
        }
        long ready = status.path("ready").asLong(0);
        if ((differs("ready") || differs("active"))
                && status.hasNonNull("ready")
                && ready > status.path("active").asLong(0)) {
            errors.invalid("status.ready", ready, "cannot set more ready pods than active");
        }
    }

    private void criteria() {
        boolean met = is("SuccessCriteriaMet");
        if (met && is("Failed")) {
            condition("cannot set SuccessCriteriaMet=True and Failed=true conditions");
        }
        if (met && is("FailureTarget")) {
            condition("cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
        }
        if (spec.hasNonNull("successPolicy") && !met && is("Complete")) {
            condition(
                    "cannot set Complete=True for Job with SuccessPolicy unless"
                            + " SuccessCriteriaMet=True");
        }
    }

    private void changes() {
        for (String terminal : List.of("Failed", "Complete", "FailureTarget")) {
            if (was(terminal) && !is(terminal)) {
                condition("cannot disable the terminal " + terminal + "=True condition");
            }
        }
        counted("failed");
        boolean scales =
                indexed()
                        && Meta.semanticallyEqual(
                                spec.path("completions"), spec.path("parallelism"));
        if (!scales) {
            counted("succeeded");
        }
        if (status.hasNonNull("completionTime")
                && before.hasNonNull("completionTime")
                && differs("completionTime")) {
            errors.invalid(
                    "status.completionTime", status.path("completionTime"), "field is immutable");
        }
        boolean resumes = was("Suspended") && value(status, "Suspended").equals("False");
        if (differs("startTime")
                && !resumes
                && before.hasNonNull("startTime")
                && !spec.path("suspend").asBoolean(false)) {
            errors.invalid(
                    "status.startTime",
                    status.get("startTime"),
                    "field is immutable for unsuspended job once set");
        }
        boolean met = is("SuccessCriteriaMet");
        if (was("SuccessCriteriaMet") && !met) {
            condition("cannot disable the SuccessCriteriaMet=True condition");
        }
        if (was("Complete") && !was("SuccessCriteriaMet") && met) {
            condition(
                    "cannot set SuccessCriteriaMet=True for Job already has Complete=true"
                            + " conditions");
        }
    }

    private void counted(String counter) {
        long now = status.path(counter).asLong(0);
        if (now < before.path(counter).asLong(0)) {
            errors.invalid("status." + counter, now, "cannot decrease the " + counter + " counter");
        }
    }

    /** A complaint about all conditions together prints none of them. */
    private void condition(String detail) {
        errors.add(new FieldError(FieldError.Type.INVALID, "status.conditions", null, detail));
    }

    private boolean indexed() {
        return spec.path("completionMode").asString("").equals("Indexed");
    }

    private boolean is(String condition) {
        return value(status, condition).equals("True");
    }

    private boolean was(String condition) {
        return value(before, condition).equals("True");
    }

    private boolean changed(String condition) {
        return is(condition) != was(condition);
    }

    private boolean differs(String field) {
        return !Meta.semanticallyEqual(present(status, field), present(before, field));
    }

    private static JsonNode present(JsonNode of, String field) {
        @Nullable JsonNode value = of.get(field);
        return value == null || value.isNull() ? Meta.object().path(field) : value;
    }

    private static String value(JsonNode status, String condition) {
        for (JsonNode each : status.path("conditions")) {
            if (each.path("type").asString("").equals(condition)) {
                return each.path("status").asString("");
            }
        }
        return "";
    }
}
