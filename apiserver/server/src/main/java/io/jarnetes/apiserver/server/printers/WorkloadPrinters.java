package io.jarnetes.apiserver.server.printers;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Rows of what makes pods. */
final class WorkloadPrinters {
    private static final String TEMPLATE = "/spec/template";

    private WorkloadPrinters() {}

    static void addTo(Map<String, Consumer<Row>> printers) {
        printers.put("Pod", PodPrinter::print);
        printers.put("PodTemplate", WorkloadPrinters::podTemplate);
        printers.put("ReplicationController", r -> replicas(r, true));
        printers.put("ReplicaSet", r -> replicas(r, false));
        printers.put("Deployment", WorkloadPrinters::deployment);
        printers.put("StatefulSet", WorkloadPrinters::statefulSet);
        printers.put("DaemonSet", WorkloadPrinters::daemonSet);
        printers.put("Job", WorkloadPrinters::job);
        printers.put("CronJob", WorkloadPrinters::cronJob);
        printers.put("PodDisruptionBudget", WorkloadPrinters::disruptionBudget);
        printers.put("ControllerRevision", WorkloadPrinters::controllerRevision);
        printers.put("HorizontalPodAutoscaler", AutoscalerPrinter::print);
        printers.put(
                "Scale",
                r ->
                        r.name()
                                .number(r.num("/spec/replicas"))
                                .number(r.num("/status/replicas"))
                                .age());
    }

    private static void podTemplate(Row row) {
        row.name().containers("/template").text(Labels.of(row.at("/template/metadata/labels")));
    }

    private static void replicas(Row row, boolean plainSelector) {
        row.name()
                .number(row.num("/spec/replicas"))
                .number(row.num("/status/replicas"))
                .number(row.num("/status/readyReplicas"))
                .age()
                .containers(TEMPLATE)
                .text(
                        plainSelector
                                ? Labels.of(row.at("/spec/selector"))
                                : Labels.selectorOrNone(row.at("/spec/selector")));
    }

    private static void deployment(Row row) {
        row.name()
                .text(row.num("/status/readyReplicas") + "/" + row.num("/spec/replicas"))
                .number(row.num("/status/updatedReplicas"))
                .number(row.num("/status/availableReplicas"))
                .age()
                .containers(TEMPLATE)
                .text(Labels.selector(row.at("/spec/selector")));
    }

    private static void statefulSet(Row row) {
        row.name()
                .text(row.num("/status/readyReplicas") + "/" + row.num("/spec/replicas"))
                .age()
                .containers(TEMPLATE);
    }

    private static void daemonSet(Row row) {
        row.name()
                .number(row.num("/status/desiredNumberScheduled"))
                .number(row.num("/status/currentNumberScheduled"))
                .number(row.num("/status/numberReady"))
                .number(row.num("/status/updatedNumberScheduled"))
                .number(row.num("/status/numberAvailable"))
                .text(Labels.of(row.at("/spec/template/spec/nodeSelector")))
                .age()
                .containers(TEMPLATE)
                .text(Labels.selectorOrNone(row.at("/spec/selector")));
    }

    private static void job(Row row) {
        row.name()
                .text(jobStatus(row))
                .text(completions(row))
                .text(jobDuration(row))
                .age()
                .containers(TEMPLATE)
                .text(Labels.selectorOrNone(row.at("/spec/selector")));
    }

    private static String jobStatus(Row row) {
        for (String condition : new String[] {"Complete", "Failed"}) {
            if (row.isTrue(condition)) {
                return condition;
            }
        }
        if (row.deleted()) {
            return "Terminating";
        }
        for (String condition : new String[] {"Suspended", "FailureTarget", "SuccessCriteriaMet"}) {
            if (row.isTrue(condition)) {
                return condition;
            }
        }
        return "Running";
    }

    private static String completions(Row row) {
        long succeeded = row.num("/status/succeeded");
        if (row.at("/spec").has("completions")) {
            return succeeded + "/" + row.num("/spec/completions");
        }
        long parallelism = row.num("/spec/parallelism");
        return succeeded + "/1" + (parallelism > 1 ? " of " + parallelism : "");
    }

    private static String jobDuration(Row row) {
        String start = row.str("/status/startTime");
        String end = row.str("/status/completionTime");
        if (start.isEmpty()) {
            return "";
        }
        return end.isEmpty()
                ? row.since(start)
                : HumanDuration.of(Duration.between(Instant.parse(start), Instant.parse(end)));
    }

    private static void cronJob(Row row) {
        String last = row.str("/status/lastScheduleTime");
        String suspend =
                row.at("/spec").has("suspend")
                        ? row.at("/spec/suspend").asBoolean(false) ? "True" : "False"
                        : Row.UNSET;
        row.name()
                .text(row.str("/spec/schedule"))
                .text(row.str("/spec/timeZone", Row.NONE))
                .text(suspend)
                .number(row.items("/status/active").size())
                .text(last.isEmpty() ? Row.NONE : row.since(last))
                .age()
                .containers("/spec/jobTemplate/spec/template")
                .text(Labels.selectorOrNone(row.at("/spec/jobTemplate/spec/selector")));
    }

    private static void disruptionBudget(Row row) {
        row.name()
                .text(row.str("/spec/minAvailable", "N/A"))
                .text(row.str("/spec/maxUnavailable", "N/A"))
                .number(row.num("/status/disruptionsAllowed"))
                .age();
    }

    private static void controllerRevision(Row row) {
        String controller =
                row.items("/metadata/ownerReferences").stream()
                        .filter(o -> o.path("controller").asBoolean(false))
                        .findFirst()
                        .map(o ->
                                kindAndGroup(
                                                o.path("kind").asString(""),
                                                o.path("apiVersion").asString(""))
                                        + "/"
                                        + o.path("name").asString(""))
                        .orElse(Row.NONE);
        row.name().text(controller).number(row.num("/revision")).age();
    }

    private static String kindAndGroup(String kind, String apiVersion) {
        int slash = apiVersion.indexOf('/');
        String lower = kind.toLowerCase(Locale.ROOT);
        return slash < 0 ? lower : lower + "." + apiVersion.substring(0, slash);
    }
}
