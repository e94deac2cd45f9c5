package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.Strategy;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** CronJobs: schedules, time zones, names that leave room for a Job's suffix. */
final class CronJobStrategy implements Strategy {

    private static final int MAX_NAME = 52;
    private static final List<String> POLICIES = List.of("Allow", "Forbid", "Replace");

    private final JobRules jobs = new JobRules();

    @Override
    public void validate(ObjectNode cronJob, FieldErrors errors) {
        JsonNode spec = cronJob.path("spec");
        schedule(spec, errors);
        String policy = spec.path("concurrencyPolicy").asString("");
        if (policy.isEmpty()) {
            errors.required("spec.concurrencyPolicy", "");
        } else if (!POLICIES.contains(policy)) {
            errors.notSupported("spec.concurrencyPolicy", policy, POLICIES);
        }
        for (String field :
                List.of(
                        "startingDeadlineSeconds",
                        "successfulJobsHistoryLimit",
                        "failedJobsHistoryLimit")) {
            WorkloadStrategy.nonNegative(spec, field, errors);
        }
        jobs.validateTemplate(
                spec.path("jobTemplate").path("spec"), "spec.jobTemplate.spec", errors);
        String name = Meta.name(cronJob);
        if (name.length() > MAX_NAME) {
            errors.invalid(
                    "metadata.name", name, "must be no more than " + MAX_NAME + " characters");
        }
    }

    @Override
    public void validateUpdate(ObjectNode cronJob, ObjectNode old, FieldErrors errors) {
        validate(cronJob, errors);
    }

    private static void schedule(JsonNode spec, FieldErrors errors) {
        String schedule = spec.path("schedule").asString("");
        if (schedule.isEmpty()) {
            errors.required("spec.schedule", "");
        } else if (schedule.contains("TZ")) {
            errors.invalid(
                    "spec.schedule",
                    schedule,
                    "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        } else if (!schedule.startsWith("@")) {
            String[] fields = schedule.strip().split("\\s+");
            if (fields.length != 5) {
                errors.invalid(
                        "spec.schedule",
                        schedule,
                        "expected exactly 5 fields, found "
                                + fields.length
                                + ": ["
                                + String.join(" ", Arrays.asList(fields))
                                + "]");
            }
        }
        String zone = spec.path("timeZone").asString("");
        if (!zone.isEmpty() && !ZoneId.getAvailableZoneIds().contains(zone)) {
            errors.invalid("spec.timeZone", zone, "unknown time zone " + zone);
        }
    }
}
