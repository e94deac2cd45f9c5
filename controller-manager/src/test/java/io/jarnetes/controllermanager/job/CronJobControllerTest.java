package io.jarnetes.controllermanager.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronJobControllerTest {

    @AutoClose private final World world = new World();
    private int looks;

    private void cronJob(String spec) {
        world.put(
                Resource.CRON_JOBS,
                ("{metadata: {namespace: ns, name: c, creationTimestamp: '2026-01-01T00:00:00Z'},"
                                + " spec: {schedule: '* * * * *', jobTemplate: {spec: {template: {spec:"
                                + " {}}}}, %s}}")
                        .formatted(spec));
        world.start(CronJobController::start);
        world.caughtUp(Resource.CRON_JOBS, Resource.JOBS);
    }

    /** A minute passes, and something happens to the CronJob. */
    private void minute() {
        world.clock().advance(Duration.ofMinutes(1));
        look();
    }

    private void look() {
        world.edit(
                Resource.CRON_JOBS,
                "c",
                "{metadata: {annotations: {look: '%d'}}}".formatted(++looks));
    }

    private int jobs() {
        return world.store().list(Resource.JOBS, "ns").size();
    }

    private int active() {
        return world.get(Resource.CRON_JOBS, "c").at("status", "active").size();
    }

    private void end(KubeObject job, String condition, String more) {
        world.status(
                Resource.JOBS,
                job.name(),
                "{status: {conditions: [{type: %s, status: 'True'}]%s}}"
                        .formatted(condition, more));
    }

    private KubeObject first() {
        return world.store().list(Resource.JOBS, "ns").getFirst();
    }

    @Test
    void aJobIsMadeEachMinuteAndRemembered() {
        cronJob("concurrencyPolicy: Allow");
        minute();
        world.until("a job", () -> active() == 1);
        KubeObject job = first();
        assertThat(job.name()).isEqualTo("c-29453761");
        assertThat(job.annotation("batch.kubernetes.io/cronjob-scheduled-timestamp"))
                .isEqualTo("2026-01-01T00:01:00Z");
        assertThat(job.controlledBy(world.get(Resource.CRON_JOBS, "c").uid())).isTrue();
        minute();
        world.until("another", () -> active() == 2);
        assertThat(world.get(Resource.CRON_JOBS, "c").text("status", "lastScheduleTime"))
                .isEqualTo("2026-01-01T00:02:00Z");
        end(job, "Complete", ", completionTime: '2026-01-01T00:01:30Z'");
        world.until("one left", () -> active() == 1);
        assertThat(world.get(Resource.CRON_JOBS, "c").text("status", "lastSuccessfulTime"))
                .isEqualTo("2026-01-01T00:01:30Z");
        world.until(
                "told",
                () ->
                        world.events()
                                .contains(
                                        "SawCompletedJob: Saw completed job: c-29453761,"
                                                + " condition: Complete"));
        assertThat(world.events()).contains("SuccessfulCreate: Created job c-29453761");
    }

    @Test
    void aJobThatRunsForbidsTheNext() {
        cronJob("concurrencyPolicy: Forbid");
        minute();
        world.until("a job", () -> active() == 1);
        minute();
        world.until(
                "told",
                () ->
                        world.events()
                                .contains(
                                        "JobAlreadyActive: Not starting job because prior"
                                                + " execution is running and concurrency policy is Forbid"));
        assertThat(jobs()).isEqualTo(1);
        end(first(), "Failed", "");
        world.until("the next", () -> jobs() == 2);
    }

    @Test
    void aJobThatRunsIsReplaced() {
        cronJob("concurrencyPolicy: Replace");
        minute();
        world.until("a job", () -> active() == 1);
        world.caughtUp(Resource.JOBS, Resource.CRON_JOBS);
        minute();
        world.until("the next", () -> jobs() == 1 && first().name().equals("c-29453762"));
        world.until(
                "told", () -> world.events().contains("SuccessfulDelete: Deleted job c-29453761"));
    }

    @Test
    void onlySomeEndedJobsAreKept() {
        cronJob(
                "concurrencyPolicy: Allow, successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0");
        for (int i = 1; i <= 3; i++) {
            minute();
            int wanted = i;
            world.until("job " + i, () -> jobs() == wanted);
        }
        for (KubeObject job : world.store().list(Resource.JOBS, "ns")) {
            boolean last = job.name().endsWith("3");
            end(
                    job,
                    last ? "Failed" : "Complete",
                    ", startTime: '%s'".formatted(KubeObject.time(job.creationTimestamp())));
        }
        world.until("one", () -> jobs() == 1 && first().name().endsWith("2"));
    }

    @Test
    void aJobThatSomebodyDeletesIsMissed() {
        cronJob("concurrencyPolicy: Allow");
        minute();
        world.until("a job", () -> active() == 1);
        world.caughtUp(Resource.CRON_JOBS, Resource.JOBS);
        world.delete(Resource.JOBS, first().name());
        world.until("none", () -> active() == 0);
        world.until(
                "told",
                () -> world.events().contains("MissingJob: Active job went missing: c-29453761"));
        world.caughtUp(Resource.CRON_JOBS, Resource.JOBS);
        assertThat(jobs()).isZero();
    }

    @Test
    void aSecondTryAfterACrashFindsTheFirst() {
        cronJob("suspend: true");
        String uid = world.get(Resource.CRON_JOBS, "c").uid();
        world.put(
                Resource.JOBS,
                ("{metadata: {namespace: ns, name: c-29453761, ownerReferences: [{apiVersion:"
                                + " batch/v1, kind: CronJob, name: c, uid: %s, controller: true}]}}")
                        .formatted(uid));
        world.until(
                "told",
                () ->
                        world.events()
                                .contains(
                                        "UnexpectedJob: Saw a job that the controller did not"
                                                + " create or forgot: c-29453761"));
        world.clock().advance(Duration.ofMinutes(1));
        world.edit(Resource.CRON_JOBS, "c", "{spec: {suspend: false}}");
        world.until("remembered", () -> active() == 1);
        assertThat(jobs()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "schedule: '61 * * * *' | UnparseableSchedule: unparseable schedule: \"61 * * * *\" :"
                        + " end of range (61) above maximum (59): 61",
                "schedule: '0 0 31 2 *' | InvalidSchedule: invalid schedule: 0 0 31 2 * : time"
                        + " difference between two schedules is less than 1 second",
                "timeZone: Nowhere/None | UnknownTimeZone: invalid timeZone: \"Nowhere/None\": unknown"
                        + " time zone Nowhere/None",
                "schedule: 'TZ=UTC * * * * *' | UnsupportedSchedule: CRON_TZ or TZ used in schedule"
                        + " \"TZ=UTC * * * * *\" is not officially supported, see"
                        + " https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for"
                        + " more details"
            })
    void whatIsWrongIsSaid(String spec, String event) {
        cronJob("suspend: true");
        world.edit(Resource.CRON_JOBS, "c", "{spec: {suspend: false, %s}}".formatted(spec));
        world.until("told: " + event, () -> world.events().contains(event));
        assertThat(Json.text(world.get(Resource.CRON_JOBS, "c").tree(), "status", "active"))
                .isEmpty();
    }
}
