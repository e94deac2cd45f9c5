package io.jarnetes.etcd.server.http;

import io.jarnetes.base.metrics.Metrics.Counter;
import io.jarnetes.base.metrics.Metrics.Family;
import io.jarnetes.base.metrics.Metrics.Gauge;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.storage.alarm.AlarmStore.Alarm;
import io.jarnetes.etcd.storage.alarm.AlarmStore.AlarmType;
import io.jarnetes.etcd.storage.mvcc.KeyRange;
import io.jarnetes.etcd.storage.mvcc.RangeOptions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /health}, and from 3.6 on {@code /livez} and {@code /readyz} with their checks. */
final class HealthChecks {
    private static final RangeOptions ONE_KEY = new RangeOptions(1, 0, false, true);
    private static final int UNAVAILABLE = 503;

    private final EtcdMember member;
    private final Counter success;
    private final Counter failures;
    private final Family<Gauge> results;
    private final Family<Counter> total;
    private final Map<String, Map<String, Supplier<CompletableFuture<@Nullable String>>>> checks;

    HealthChecks(EtcdMember member) {
        this.member = member;
        var metrics = member.metrics().registry();
        success =
                metrics.counter(
                        "etcd_server_health_success",
                        "The total number of successful health checks");
        failures =
                metrics.counter(
                        "etcd_server_health_failures", "The total number of failed health checks");
        results =
                metrics.gauges(
                        "etcd_server_healthcheck",
                        "The result of each kind of healthcheck.",
                        "type",
                        "name");
        total =
                metrics.counters(
                        "etcd_server_healthchecks_total",
                        "The total number of each kind of healthcheck.",
                        "type",
                        "name",
                        "status");
        checks = checks();
    }

    private Map<String, Map<String, Supplier<CompletableFuture<@Nullable String>>>> checks() {
        Map<String, Supplier<CompletableFuture<@Nullable String>>> live = new LinkedHashMap<>();
        live.put("serializable_read", () -> read(true));
        Map<String, Supplier<CompletableFuture<@Nullable String>>> ready = new LinkedHashMap<>();
        ready.put("data_corruption", this::corruption);
        ready.put("serializable_read", () -> read(true));
        ready.put("linearizable_read", () -> read(false));
        ready.put("non_learner", this::nonLearner);
        return Map.of("livez", live, "readyz", ready);
    }

    private CompletableFuture<@Nullable String> corruption() {
        boolean corrupt = !member.stores().alarms().get(AlarmType.CORRUPT).isEmpty();
        return CompletableFuture.completedFuture(corrupt ? "alarm activated: CORRUPT" : null);
    }

    private CompletableFuture<@Nullable String> nonLearner() {
        return CompletableFuture.completedFuture(
                member.isLearner() ? "not supported for learner" : null);
    }

    /** Null if a key can be read, else why not. */
    private CompletableFuture<@Nullable String> read(boolean serializable) {
        CompletableFuture<Void> fresh =
                serializable ? CompletableFuture.completedFuture(null) : member.linearizable();
        return fresh.handle((v, failure) -> {
            if (failure != null) {
                return message(failure);
            }
            try {
                member.stores().mvcc().range(KeyRange.of(new byte[0]), ONE_KEY);
                return null;
            } catch (RuntimeException e) {
                return message(e);
            }
        });
    }

    private static String message(Throwable failure) {
        Throwable cause = failure;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }

    // /health

    CompletableFuture<HttpAnswer> health(HttpAsk ask) {
        if (!ask.method().equals("GET")) {
            return CompletableFuture.completedFuture(notAllowed());
        }
        boolean serializable = ask.first("serializable").equals("true");
        String reason = alarm(ask.all("exclude"));
        if (reason == null && !serializable && !member.hasLeader()) {
            reason = "RAFT NO LEADER";
        }
        if (reason != null) {
            return CompletableFuture.completedFuture(health(reason));
        }
        return read(serializable)
                .thenApply(failure -> health(failure == null ? "" : "RANGE ERROR:" + failure));
    }

    private @Nullable String alarm(List<String> excluded) {
        for (Alarm alarm : member.stores().alarms().get(AlarmType.NONE)) {
            if (!excluded.contains(alarm.type().name())) {
                return "ALARM " + alarm.type();
            }
        }
        return null;
    }

    private HttpAnswer health(String reason) {
        boolean healthy = reason.isEmpty();
        (healthy ? success : failures).inc();
        String json =
                "{\"health\":\""
                        + healthy
                        + "\",\"reason\":\""
                        + reason.replace("\\", "\\\\").replace("\"", "\\\"")
                        + "\"}";
        return HttpAnswer.text(healthy ? 200 : UNAVAILABLE, healthy ? json : json + "\n");
    }

    private static HttpAnswer notAllowed() {
        return new HttpAnswer(
                405,
                HttpAnswer.TEXT,
                "Method Not Allowed\n".getBytes(StandardCharsets.UTF_8),
                Map.of("Allow", "GET"));
    }

    // /livez and /readyz

    CompletableFuture<HttpAnswer> check(HttpAsk ask) {
        String[] parts = ask.path().substring(1).split("/", 2);
        var known = checks.getOrDefault(parts[0], Map.of());
        List<String> names = new ArrayList<>(known.keySet());
        if (parts.length == 2) {
            if (!known.containsKey(parts[1])) {
                return CompletableFuture.completedFuture(HttpApi.notFound());
            }
            names = List.of(parts[1]);
        } else {
            names.removeAll(ask.all("exclude"));
        }
        if (!ask.method().equals("GET")) {
            return CompletableFuture.completedFuture(notAllowed());
        }
        return run(parts[0], names, 0, new StringBuilder(), false, ask.has("verbose"));
    }

    private CompletableFuture<HttpAnswer> run(
            String type,
            List<String> names,
            int next,
            StringBuilder lines,
            boolean failed,
            boolean verbose) {
        if (next == names.size()) {
            return CompletableFuture.completedFuture(answer(lines, failed, verbose));
        }
        String name = names.get(next);
        return java.util.Objects.requireNonNull(checks.get(type))
                .getOrDefault(name, () -> CompletableFuture.completedFuture("unknown check"))
                .get()
                .thenCompose(failure -> {
                    lines.append(
                            failure == null
                                    ? "[+]" + name + " ok\n"
                                    : "[-]" + name + " failed: " + failure + "\n");
                    record(type, name, failure == null);
                    return run(type, names, next + 1, lines, failed || failure != null, verbose);
                });
    }

    private void record(String type, String name, boolean healthy) {
        results.with(type, name).set(healthy ? 1 : 0);
        total.with(type, name, healthy ? "success" : "error").inc();
    }

    private static HttpAnswer answer(StringBuilder lines, boolean failed, boolean verbose) {
        if (failed) {
            return HttpAnswer.text(UNAVAILABLE, lines + "\n");
        }
        return new HttpAnswer(
                200,
                HttpAnswer.TEXT,
                ((verbose ? lines : "") + "ok\n").getBytes(StandardCharsets.UTF_8),
                Map.of("X-Content-Type-Options", "nosniff"));
    }
}
