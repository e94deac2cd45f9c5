package io.jarnetes.apiserver.server.http;

import io.jarnetes.apiserver.server.endpoints.RequestInfo;
import io.jarnetes.base.metrics.Metrics;
import io.jarnetes.base.metrics.Metrics.Counter;
import io.jarnetes.base.metrics.Metrics.Family;
import io.jarnetes.base.metrics.Metrics.Histogram;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Upstream's metrics of requests, by upstream's names and labels. */
final class RequestMetrics {

    private static final double[] SECONDS = {
        0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30,
        45, 60
    };
    private static final Map<String, String> METHODS =
            Map.of("create", "POST", "update", "PUT", "deletecollection", "DELETECOLLECTION");

    private final Family<Counter> requests;
    private final Family<Histogram> durations;
    private final Family<Counter> authentications;
    private final Family<Counter> authorizations;
    private final Family<Counter> rejected;

    RequestMetrics(Metrics metrics, InflightLimiter limiter) {
        requests =
                metrics.counters(
                        "apiserver_request_total",
                        "[STABLE] Counter of apiserver requests broken out for each verb, dry run"
                                + " value, group, version, resource, scope, component, and HTTP"
                                + " response code.",
                        "code",
                        "component",
                        "dry_run",
                        "group",
                        "resource",
                        "scope",
                        "subresource",
                        "verb",
                        "version");
        durations =
                metrics.histograms(
                        "apiserver_request_duration_seconds",
                        "[STABLE] Response latency distribution in seconds for each verb, dry run"
                                + " value, group, version, resource, subresource, scope and"
                                + " component.",
                        SECONDS,
                        "component",
                        "dry_run",
                        "group",
                        "resource",
                        "scope",
                        "subresource",
                        "verb",
                        "version");
        authentications =
                metrics.counters(
                        "authentication_attempts",
                        "[ALPHA] Counter of authenticated attempts.",
                        "result");
        authorizations =
                metrics.counters(
                        "authorization_attempts_total",
                        "[ALPHA] Counter of authorization attempts broken down by result. It can"
                                + " be either 'allowed', 'denied', 'no-opinion' or 'error'.",
                        "result");
        rejected =
                metrics.counters(
                        "apiserver_dropped_requests_total",
                        "[ALPHA] Number of requests rejected with 'Try again later' response",
                        "request_kind");
        Family<Metrics.Gauge> current =
                metrics.gauges(
                        "apiserver_current_inflight_requests",
                        "[STABLE] Maximal number of currently used inflight request limit of this"
                                + " apiserver per request kind in last second.",
                        "request_kind");
        current.with("mutating").from(limiter::mutatingNow);
        current.with("readOnly").from(limiter::readingNow);
    }

    void authenticated(String result) {
        authentications.with(result).inc();
    }

    void authorized(String result) {
        authorizations.with(result).inc();
    }

    void rejected(boolean mutating) {
        rejected.with(mutating ? "mutating" : "readOnly").inc();
    }

    void served(RequestInfo info, Map<String, List<String>> query, int code, long startNanos) {
        if (!info.isResourceRequest()) {
            return;
        }
        String dryRun = query.containsKey("dryRun") ? "All" : "";
        String verb = METHODS.getOrDefault(info.verb(), info.verb().toUpperCase(Locale.ROOT));
        requests.with(
                        String.valueOf(code),
                        "apiserver",
                        dryRun,
                        info.apiGroup(),
                        info.resource(),
                        scope(info),
                        info.subresource(),
                        verb,
                        info.apiVersion())
                .inc();
        durations
                .with(
                        "apiserver",
                        dryRun,
                        info.apiGroup(),
                        info.resource(),
                        scope(info),
                        info.subresource(),
                        verb,
                        info.apiVersion())
                .observeSince(startNanos);
    }

    private static String scope(RequestInfo info) {
        if (!info.name().isEmpty() || info.verb().equals("create")) {
            return "resource";
        }
        return info.namespace().isEmpty() ? "cluster" : "namespace";
    }
}
