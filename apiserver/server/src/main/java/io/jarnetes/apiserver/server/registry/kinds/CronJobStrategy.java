package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.Strategy;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
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
        WorkloadStrategy.nonNegative(spec, "startingDeadlineSeconds", errors);
        timeZone(spec, errors);
        String policy = spec.path("concurrencyPolicy").asString("");
        if (policy.isEmpty()) {
            errors.required("spec.concurrencyPolicy", "");
        } else if (!POLICIES.contains(policy)) {
            errors.notSupported("spec.concurrencyPolicy", policy, POLICIES);
        }
        jobs.validateTemplate(
                spec.path("jobTemplate").path("spec"), "spec.jobTemplate.spec", errors);
        WorkloadStrategy.nonNegative(spec, "successfulJobsHistoryLimit", errors);
        WorkloadStrategy.nonNegative(spec, "failedJobsHistoryLimit", errors);
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

    @Override
    public List<String> warnings(ObjectNode cronJob, @Nullable ObjectNode old) {
        return PodWarnings.of(
                cronJob.path("spec").path("jobTemplate").path("spec").path("template"),
                "spec.jobTemplate.spec.template.");
    }

    private static void schedule(JsonNode spec, FieldErrors errors) {
        String schedule = spec.path("schedule").asString("");
        if (schedule.isEmpty()) {
            errors.required("spec.schedule", "");
            return;
        }
        String complaint = CronSchedule.complaint(schedule);
        if (!complaint.isEmpty()) {
            errors.invalid("spec.schedule", schedule, complaint);
        }
        if (schedule.contains("TZ")) {
            errors.invalid(
                    "spec.schedule",
                    schedule,
                    "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
        }
    }

    private static void timeZone(JsonNode spec, FieldErrors errors) {
        if (!spec.hasNonNull("timeZone")) {
            return;
        }
        String zone = spec.path("timeZone").asString("");
        if (zone.isEmpty()) {
            errors.invalid("spec.timeZone", zone, "timeZone must be nil or non-empty string");
            return;
        }
        boolean local = zone.equalsIgnoreCase("Local");
        if (local) {
            errors.invalid(
                    "spec.timeZone",
                    zone,
                    "timeZone must be an explicit time zone as defined in"
                            + " https://www.iana.org/time-zones");
        }
        // Go takes this one spelling for the machine's own.
        if (!zone.equals("Local") && !ZoneId.getAvailableZoneIds().contains(zone)) {
            errors.invalid("spec.timeZone", zone, "unknown time zone " + zone);
        }
    }
}
