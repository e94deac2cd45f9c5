package io.jarnetes.etcd.server.http;

import io.jarnetes.base.metrics.Metrics;
import io.jarnetes.etcd.server.EtcdConfig.Compatibility;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.server.MemberStatus;
import java.util.concurrent.CompletableFuture;

/** Which path answers what. */
public final class HttpApi {
    private final EtcdMember member;
    private final HealthChecks health;

    public HttpApi(EtcdMember member) {
        this.member = member;
        this.health = new HealthChecks(member);
    }

    /** Answers a request; never fails. */
    public CompletableFuture<HttpAnswer> handle(HttpAsk ask) {
        if (ask.method().equals("OPTIONS")) {
            // A browser that asks first hears of --cors in the headers, whatever the path.
            return done(HttpAnswer.empty());
        }
        boolean at36 = member.config().compatibility() != Compatibility.V3_5;
        String path = ask.path();
        String clean = CleanPath.of(path);
        if (!clean.equals(path)) {
            return done(CleanPath.redirect(ask, clean, at36));
        }
        return switch (path) {
            case "/health" -> health.health(ask);
            case "/version" -> getOnly(ask, HttpAnswer.json(200, version()));
            case "/metrics" ->
                    done(HttpAnswer.of(200, Metrics.CONTENT_TYPE, member.metrics().text()));
            case "/debug/vars" -> getOnly(ask, DebugVars.answer(member));
            default -> {
                boolean check =
                        path.equals("/livez")
                                || path.equals("/readyz")
                                || path.startsWith("/livez/")
                                || path.startsWith("/readyz/");
                if (at36 && check) {
                    yield health.check(ask);
                }
                yield done(NotThere.covers(path) ? NotThere.answer(path) : notFound());
            }
        };
    }

    private static CompletableFuture<HttpAnswer> done(HttpAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static CompletableFuture<HttpAnswer> getOnly(HttpAsk ask, HttpAnswer answer) {
        return done(
                ask.method().equals("GET")
                        ? answer
                        : new HttpAnswer(
                                405,
                                HttpAnswer.TEXT,
                                "Method Not Allowed\n"
                                        .getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                java.util.Map.of("Allow", "GET")));
    }

    static HttpAnswer notFound() {
        return HttpAnswer.text(404, "404 page not found\n");
    }

    /** The versions of server and cluster, as peers ask for them too. */
    private String version() {
        return versionJson(member);
    }

    public static String versionJson(EtcdMember member) {
        String cluster = member.stores().cluster().version();
        String json =
                "{\"etcdserver\":\""
                        + member.config().compatibility().version()
                        + "\",\"etcdcluster\":\""
                        + (cluster == null ? "not_decided" : cluster)
                        + "\"";
        if (member.config().compatibility() == Compatibility.V3_5) {
            return json + "}";
        }
        String storage = MemberStatus.storageVersion(member);
        return json + ",\"storage\":\"" + (storage.isEmpty() ? "unknown" : storage) + "\"}";
    }
}
