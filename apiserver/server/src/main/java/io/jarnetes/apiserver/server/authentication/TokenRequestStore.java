package io.jarnetes.apiserver.server.authentication;

import io.jarnetes.apiserver.server.registry.AdmissionHook;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.Quote;
import io.jarnetes.apiserver.server.registry.Registry;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.apiserver.server.tree.Trees;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code serviceaccounts/token}: issues a token for an account (TokenRequest). */
public final class TokenRequestStore implements Store {

    private static final String GROUP = "authentication.k8s.io";
    private static final String KIND = "TokenRequest";
    private static final GroupResource RESOURCE = new GroupResource("", "serviceaccounts");
    private static final long DEFAULT_SECONDS = 3600;
    private static final long MIN_SECONDS = 600;
    private static final long MAX_SECONDS = 1L << 32;

    /** What the ServiceAccount admission plugin asks for, and what such a token gets instead. */
    private static final long WARN_ONLY_SECONDS = 3607;

    private static final long EXTENDED_SECONDS = 365L * 24 * 3600;

    private final Registry registry;
    private final TokenIssuer issuer;
    private final Settings settings;
    private final Clock clock;

    /**
     * What the flags say.
     *
     * @param audiences {@code --api-audiences}: what a token without audiences is for
     * @param maxSeconds {@code --service-account-max-token-expiration}, 0 for no limit
     * @param extend {@code --service-account-extend-token-expiration}
     */
    public record Settings(List<String> audiences, long maxSeconds, boolean extend) {}

    public TokenRequestStore(
            Registry registry, TokenIssuer issuer, Settings settings, Clock clock) {
        this.registry = registry;
        this.issuer = issuer;
        this.settings = settings;
        this.clock = clock;
    }

    /** What a token is bound to besides its account. */
    private record Bound(
            @Nullable ObjectNode pod, @Nullable ObjectNode node, @Nullable ObjectNode secret) {

        static final Bound NOTHING = new Bound(null, null, null);
    }

    @Override
    public GroupResource resource() {
        return RESOURCE;
    }

    @Override
    public ObjectNode create(
            RequestContext context, String name, ObjectNode request, AdmissionHook admission) {
        checkNames(context, name, request);
        ObjectNode account = get(context, "serviceaccounts", context.namespace(), name);
        ObjectNode metadata = Trees.child(request, "metadata");
        String uid = Trees.uid(request);
        if (!uid.isEmpty() && !uid.equals(Trees.uid(account))) {
            throw ApiException.conflict(
                    new GroupResource(GROUP, KIND),
                    name,
                    "the UID in the token request ("
                            + uid
                            + ") does not match the UID of the service account ("
                            + Trees.uid(account)
                            + ")");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        metadata.put("name", name).put("namespace", context.namespace());
        metadata.put("uid", Trees.uid(account)).put("creationTimestamp", now.toString());
        ObjectNode spec = spec(request);
        admission.mutate(request, null);
        admission.validate(request, null);
        Bound bound = bound(context, name, Trees.at(spec, "boundObjectRef"));
        long seconds = Trees.number(spec, DEFAULT_SECONDS, "expirationSeconds");
        if (settings.maxSeconds > 0 && seconds > settings.maxSeconds) {
            context.warnings()
                    .accept(
                            "requested expiration of "
                                    + seconds
                                    + " seconds shortened to "
                                    + settings.maxSeconds
                                    + " seconds");
            seconds = settings.maxSeconds;
            spec.put("expirationSeconds", seconds);
        }
        ObjectNode status = Trees.object();
        status.put("token", issuer.issue(claims(account, bound, spec, seconds, now)));
        status.put("expirationTimestamp", now.plusSeconds(seconds).toString());
        request.set("status", status);
        return request;
    }

    private static void checkNames(RequestContext context, String name, ObjectNode request) {
        String given = Trees.name(request);
        if (!given.isEmpty() && !given.equals(name)) {
            throw invalid(
                    name,
                    FieldError.invalid(
                            "metadata.name",
                            given,
                            "must match the service account name if specified"));
        }
        String namespace = Trees.namespace(request);
        if (!namespace.isEmpty() && !namespace.equals(context.namespace())) {
            throw invalid(
                    name,
                    FieldError.invalid(
                            "metadata.namespace",
                            namespace,
                            "must match the service account namespace if specified"));
        }
    }

    private static ApiException invalid(String name, FieldError error) {
        return ApiException.invalid(GROUP, KIND, name, List.of(error));
    }

    private ObjectNode spec(ObjectNode request) {
        ObjectNode spec = Trees.child(request, "spec");
        if (Trees.texts(spec, "audiences").isEmpty()) {
            settings.audiences.forEach(spec.putArray("audiences")::add);
        }
        long seconds = Trees.number(spec, DEFAULT_SECONDS, "expirationSeconds");
        spec.put("expirationSeconds", seconds);
        if (!spec.has("boundObjectRef")) {
            spec.putNull("boundObjectRef");
        }
        if (seconds < MIN_SECONDS) {
            throw invalid(
                    "",
                    FieldError.invalid(
                            "spec.expirationSeconds",
                            seconds,
                            "may not specify a duration less than 10 minutes"));
        }
        if (seconds > MAX_SECONDS) {
            throw invalid(
                    "",
                    FieldError.invalid(
                            "spec.expirationSeconds",
                            seconds,
                            "may not specify a duration larger than 2^32 seconds"));
        }
        return spec;
    }

    private Bound bound(RequestContext context, String account, @Nullable JsonNode reference) {
        if (reference == null) {
            return Bound.NOTHING;
        }
        String apiVersion = Trees.text(reference, "apiVersion");
        String kind = Trees.text(reference, "kind");
        String name = Trees.text(reference, "name");
        String namespace = context.namespace();
        if (apiVersion.contains("/")) {
            throw wrongType(apiVersion, kind);
        }
        return switch (kind) {
            case "Pod" -> pod(context, account, name, reference);
            case "Secret" ->
                    new Bound(
                            null,
                            null,
                            matching(
                                    get(context, "secrets", namespace, name), "Secret", reference));
            case "Node" ->
                    new Bound(
                            null,
                            matching(get(context, "nodes", "", name), "Node", reference),
                            null);
            default -> throw wrongType(apiVersion, kind);
        };
    }

    private static ApiException wrongType(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        String group = slash < 0 ? "" : apiVersion.substring(0, slash);
        return ApiException.badRequest(
                "cannot bind token to object of type "
                        + group
                        + "/"
                        + apiVersion.substring(slash + 1)
                        + ", Kind="
                        + kind);
    }

    private Bound pod(RequestContext context, String account, String name, JsonNode reference) {
        ObjectNode pod = get(context, "pods", context.namespace(), name);
        if (!account.equals(Trees.text(pod, "spec", "serviceAccountName"))) {
            throw ApiException.badRequest(
                    "cannot bind token for serviceaccount "
                            + Quote.go(account)
                            + " to pod running with different serviceaccount name.");
        }
        matching(pod, "Pod", reference);
        String nodeName = Trees.text(pod, "spec", "nodeName");
        if (nodeName.isEmpty()) {
            return new Bound(pod, null, null);
        }
        ObjectNode node;
        try {
            node = get(context, "nodes", "", nodeName);
        } catch (ApiException e) {
            if (!e.is("NotFound")) {
                throw e;
            }
            // The name alone still tells where the pod was meant to run.
            node = Trees.object();
            node.putObject("metadata").put("name", nodeName);
        }
        return new Bound(pod, node, null);
    }

    private static ObjectNode matching(ObjectNode object, String kind, JsonNode reference) {
        String uid = Trees.text(reference, "uid");
        if (!uid.isEmpty() && !uid.equals(Trees.uid(object))) {
            throw ApiException.conflict(
                    new GroupResource("", kind),
                    Trees.text(reference, "name"),
                    "the UID in the bound object reference ("
                            + uid
                            + ") does not match the UID in record. The object might have been"
                            + " deleted and then recreated");
        }
        return object;
    }

    private ObjectNode get(RequestContext context, String resource, String namespace, String name) {
        return registry.store("", resource).get(context.inNamespace(namespace), name, "").tree();
    }

    private ObjectNode claims(
            ObjectNode account, Bound bound, ObjectNode spec, long seconds, Instant now) {
        List<String> audiences = Trees.texts(spec, "audiences");
        long start = now.getEpochSecond();
        boolean extended =
                settings.extend
                        && bound.pod != null
                        && seconds == WARN_ONLY_SECONDS
                        && settings.audiences.containsAll(audiences);
        ObjectNode claims = Trees.object();
        audiences.forEach(claims.putArray("aud")::add);
        claims.put("exp", start + (extended ? EXTENDED_SECONDS : seconds));
        claims.put("iat", start);
        claims.put("jti", UUID.randomUUID().toString());
        ObjectNode kubernetes = claims.putObject("kubernetes.io");
        kubernetes.put("namespace", Trees.namespace(account));
        put(kubernetes, "node", bound.node);
        put(kubernetes, "pod", bound.pod);
        put(kubernetes, "secret", bound.secret);
        put(kubernetes, "serviceaccount", account);
        if (extended) {
            kubernetes.put("warnafter", start + seconds);
        }
        claims.put("nbf", start);
        claims.put(
                "sub", UserInfo.serviceAccountName(Trees.namespace(account), Trees.name(account)));
        return claims;
    }

    private static void put(ObjectNode claims, String word, @Nullable ObjectNode object) {
        if (object != null) {
            ObjectNode reference = claims.putObject(word).put("name", Trees.name(object));
            if (!Trees.uid(object).isEmpty()) {
                reference.put("uid", Trees.uid(object));
            }
        }
    }
}
