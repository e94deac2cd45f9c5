package io.jarnetes.apiserver.server.http;

import io.jarnetes.apiserver.server.authentication.Authentication;
import io.jarnetes.apiserver.server.authentication.AuthenticationException;
import io.jarnetes.apiserver.server.authentication.AuthenticationRequest;
import io.jarnetes.apiserver.server.authentication.Authenticator;
import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.authorization.Attributes;
import io.jarnetes.apiserver.server.authorization.Authorizer;
import io.jarnetes.apiserver.server.authorization.Decision;
import io.jarnetes.apiserver.server.authorization.Forbidden;
import io.jarnetes.apiserver.server.endpoints.ApiHandler;
import io.jarnetes.apiserver.server.endpoints.ApiRequest;
import io.jarnetes.apiserver.server.endpoints.Headers;
import io.jarnetes.apiserver.server.endpoints.Pretty;
import io.jarnetes.apiserver.server.endpoints.RequestInfo;
import io.jarnetes.apiserver.server.endpoints.RequestInfoResolver;
import io.jarnetes.apiserver.server.endpoints.ResponseClosedException;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.base.log.Log;
import io.jarnetes.base.metrics.Metrics;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What every request passes, in upstream's order: recovery, audit ID, authentication,
 * impersonation, limits, authorization; then the handler of its resource or path.
 */
public final class RequestFilters implements Application {

    private static final Set<String> LONG_SUBRESOURCES =
            Set.of("attach", "exec", "proxy", "log", "portforward");

    private final Authenticator authenticator;
    private final Authorizer authorizer;
    private final Impersonation impersonation;
    private final ApiHandler resources;
    private final PathMux paths;
    private final InflightLimiter limiter;
    private final RequestMetrics metrics;
    private final FlowClassifier flows;
    private final StatusEncoder statuses;
    private final Duration timeout;
    private final Clock clock;
    private final Log log;

    /**
     * Numbers of {@code kube-apiserver}'s flags.
     *
     * @param maxInFlight of reading requests, 0 for no limit
     * @param maxMutatingInFlight of writing requests, 0 for no limit
     * @param requestTimeout of all but watches
     */
    public record Limits(int maxInFlight, int maxMutatingInFlight, Duration requestTimeout) {}

    public RequestFilters(
            Authenticator authenticator,
            Authorizer authorizer,
            ApiHandler resources,
            PathMux paths,
            FlowClassifier flows,
            StatusEncoder statuses,
            Limits limits,
            Metrics metrics,
            Clock clock,
            Log log) {
        this.authenticator = authenticator;
        this.authorizer = authorizer;
        this.impersonation = new Impersonation(authorizer);
        this.resources = resources;
        this.paths = paths;
        this.flows = flows;
        this.statuses = statuses;
        this.limiter = new InflightLimiter(limits.maxInFlight(), limits.maxMutatingInFlight());
        this.metrics = new RequestMetrics(metrics, limiter);
        this.timeout = limits.requestTimeout();
        this.clock = clock;
        this.log = log;
    }

    @Override
    public void serve(Exchange exchange) {
        long start = System.nanoTime();
        exchange.preset("Audit-Id", auditId(exchange.headers()));
        exchange.preset("Cache-Control", "no-cache, private");
        QueryStringDecoder uri = new QueryStringDecoder(exchange.uri());
        Map<String, List<String>> query = QueryStrings.parse(uri.rawQuery());
        RequestInfo info;
        try {
            info = RequestInfoResolver.resolve(exchange.method(), uri.path(), query);
        } catch (IllegalArgumentException e) {
            Answers.internalError(
                    exchange,
                    exchange.uri(),
                    "failed to create RequestInfo: "
                            + e.getMessage()
                            + " from url, "
                            + exchange.uri());
            return;
        }
        try {
            pass(exchange, info, query);
        } catch (ApiException refused) {
            fail(exchange, refused, query);
        } catch (ResponseClosedException gone) {
            exchange.abort();
        } catch (Throwable broken) {
            recover(exchange, broken, query);
        }
        if (!exchange.ended()) {
            exchange.abort();
        }
        metrics.served(info, query, exchange.status(), start);
    }

    private static String auditId(HttpHeaders headers) {
        String given = headers.get("Audit-Id");
        return given == null || given.isEmpty() ? UUID.randomUUID().toString() : given;
    }

    private void pass(Exchange exchange, RequestInfo info, Map<String, List<String>> query)
            throws Exception {
        if (longRunning(info)) {
            exchange.markLongRunning();
        }
        UserInfo user = authenticate(exchange);
        Attributes asked = attributes(user, info, query);
        user = impersonation.apply(exchange.headers(), asked);
        asked = attributes(user, info, query);
        flows.classify(asked)
                .ifPresent(flow -> {
                    exchange.preset("X-Kubernetes-Pf-Flowschema-Uid", flow.flowSchemaUid());
                    exchange.preset("X-Kubernetes-Pf-Prioritylevel-Uid", flow.priorityLevelUid());
                });
        boolean counted = !exchange.longRunning() && !user.inGroup(UserInfo.GROUP_MASTERS);
        if (counted && !limiter.enter(info.verb())) {
            metrics.rejected(!asked.readOnly());
            throw ApiException.tooManyRequests("Too many requests, please try again later.", 1);
        }
        try {
            authorize(asked);
            if (exchange.bodyTooLarge()) {
                throw ApiException.requestEntityTooLarge(
                        "limit is " + ExchangeHandler.MAX_BODY_BYTES);
            }
            dispatch(exchange, info, query, user);
        } finally {
            if (counted) {
                limiter.leave(info.verb());
            }
        }
    }

    private static boolean longRunning(RequestInfo info) {
        return info.isResourceRequest()
                && (info.verb().equals("watch")
                        || info.verb().equals("proxy")
                        || LONG_SUBRESOURCES.contains(info.subresource()));
    }

    private UserInfo authenticate(Exchange exchange) {
        AuthenticationRequest request =
                new AuthenticationRequest(
                        name -> exchange.headers().getAll(name),
                        exchange.headers().names().stream()
                                .map(name -> name.toLowerCase(Locale.ROOT))
                                .toList(),
                        exchange.connection().clientCertificates(),
                        List.of());
        try {
            Authentication found = authenticator.authenticate(request).orElse(null);
            if (found != null) {
                metrics.authenticated("success");
                return found.user();
            }
            metrics.authenticated("failure");
        } catch (AuthenticationException e) {
            metrics.authenticated("error");
            log.error("Unable to authenticate the request", "err", e.getMessage());
        }
        throw ApiException.unauthorized();
    }

    private static Attributes attributes(
            UserInfo user, RequestInfo info, Map<String, List<String>> query) {
        if (!info.isResourceRequest()) {
            return Attributes.path(user, info.verb(), info.path());
        }
        return new Attributes(
                user,
                info.verb(),
                info.namespace(),
                info.apiGroup(),
                info.apiVersion(),
                info.resource(),
                info.subresource(),
                info.name(),
                true,
                info.path(),
                query.getOrDefault("fieldSelector", List.of("")).getFirst());
    }

    private void authorize(Attributes asked) {
        Decision decision = authorizer.authorize(asked);
        if (decision.allowed()) {
            metrics.authorized("allowed");
            return;
        }
        metrics.authorized(decision.verdict() == Decision.Verdict.DENY ? "denied" : "no-opinion");
        throw Forbidden.exception(asked, decision.reason());
    }

    private void dispatch(
            Exchange exchange, RequestInfo info, Map<String, List<String>> query, UserInfo user)
            throws Exception {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : exchange.headers().names()) {
            headers.put(name, exchange.headers().getAll(name));
        }
        ApiRequest request =
                new ApiRequest(
                        exchange.method(),
                        info.path(),
                        query,
                        new Headers(headers),
                        exchange.body(),
                        user,
                        info,
                        clock.instant().plus(timeout));
        if (info.isResourceRequest()) {
            resources.handle(request, exchange);
            return;
        }
        ApiHandler handler = paths.find(info.path()).orElse(null);
        if (handler == null) {
            Answers.notFound(exchange);
        } else {
            handler.handle(request, exchange);
        }
    }

    private void fail(Exchange exchange, ApiException refused, Map<String, List<String>> query) {
        if (exchange.started()) {
            exchange.abort();
            return;
        }
        try {
            Answers.status(
                    exchange,
                    refused.status(),
                    statuses.encode(
                            refused.status(),
                            exchange.headers().getAll("Accept"),
                            Pretty.wanted(query, exchange.headers().get("User-Agent", ""))));
        } catch (ResponseClosedException gone) {
            exchange.abort();
        }
    }

    private void recover(Exchange exchange, Throwable broken, Map<String, List<String>> query) {
        log.error(
                "apiserver panic'd",
                "method",
                exchange.method(),
                "URI",
                exchange.uri(),
                "err",
                broken,
                "stack",
                Stacks.text(broken));
        fail(
                exchange,
                ApiException.internalError(
                        broken.getMessage() == null ? broken.toString() : broken.getMessage()),
                query);
    }
}
