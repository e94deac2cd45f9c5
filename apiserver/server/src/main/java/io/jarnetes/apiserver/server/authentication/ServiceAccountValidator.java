package io.jarnetes.apiserver.server.authentication;

import io.jarnetes.apiserver.server.admission.Listers;
import io.jarnetes.apiserver.server.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Whether what a token's claims speak of is still there: upstream's rules and words. */
public final class ServiceAccountValidator {

    private static final Duration LEEWAY = Duration.ofMinutes(1);
    private static final String INVALIDATED = "service account token has been invalidated";
    private static final String LEGACY = "kubernetes.io/serviceaccount/";
    private static final String EXTRA = "authentication.kubernetes.io/";

    private final Listers listers;
    private final boolean lookup;
    private final Clock clock;

    /**
     * @param lookup {@code --service-account-lookup}: whether the Secret of an old token must exist
     */
    public ServiceAccountValidator(Listers listers, boolean lookup, Clock clock) {
        this.listers = listers;
        this.lookup = lookup;
        this.clock = clock;
    }

    /** The account that a token of TokenRequest stands for. */
    UserInfo bound(JsonNode claims) throws AuthenticationException {
        checkTimes(claims);
        JsonNode kubernetes = claims.path("kubernetes.io");
        String namespace = Trees.text(kubernetes, "namespace");
        JsonNode account = kubernetes.path("serviceaccount");
        String name = Trees.text(account, "name");
        checkAccount(namespace, name, Trees.text(account, "uid"), LEEWAY);
        JsonNode secret = Trees.at(kubernetes, "secret");
        if (secret != null) {
            checkBound("secrets", namespace, secret, "secret");
        }
        Map<String, List<String>> extra = new TreeMap<>();
        String id = Trees.text(claims, "jti");
        if (!id.isEmpty()) {
            extra.put(EXTRA + "credential-id", List.of("JTI=" + id));
        }
        JsonNode pod = Trees.at(kubernetes, "pod");
        if (pod != null) {
            checkBound("pods", namespace, pod, "pod");
            put(extra, "pod", pod);
        }
        JsonNode node = Trees.at(kubernetes, "node");
        if (node != null) {
            if (pod == null) {
                checkBound("nodes", "", node, "node");
            }
            put(extra, "node", node);
        }
        return user(namespace, name, Trees.text(account, "uid"), extra);
    }

    /** The account that a token of a Secret stands for. */
    UserInfo legacy(JsonNode claims, String token) throws AuthenticationException {
        String namespace = Trees.text(claims, LEGACY + "namespace");
        String secret = Trees.text(claims, LEGACY + "secret.name");
        String name = Trees.text(claims, LEGACY + "service-account.name");
        String uid = Trees.text(claims, LEGACY + "service-account.uid");
        if (namespace.isEmpty() || secret.isEmpty() || name.isEmpty() || uid.isEmpty()) {
            throw new AuthenticationException("a claim of the service account is missing");
        }
        if (!Trees.text(claims, "sub").equals(UserInfo.serviceAccountName(namespace, name))) {
            throw new AuthenticationException("sub claim is invalid");
        }
        if (lookup) {
            ObjectNode stored = find("secrets", namespace, secret, "");
            if (stored == null || deletedBefore(stored, clock.instant())) {
                throw new AuthenticationException("Token has been invalidated");
            }
            byte[] copy = Base64.getDecoder().decode(Trees.text(stored, "data", "token"));
            if (!MessageDigest.isEqual(copy, token.getBytes(StandardCharsets.UTF_8))) {
                throw new AuthenticationException("Token does not match server's copy");
            }
            checkAccount(namespace, name, uid, Duration.ZERO);
        }
        return user(namespace, name, uid, Map.of());
    }

    private static UserInfo user(
            String namespace, String name, String uid, Map<String, List<String>> extra) {
        return new UserInfo(
                UserInfo.serviceAccountName(namespace, name),
                uid,
                List.of(
                        UserInfo.GROUP_SERVICE_ACCOUNTS,
                        UserInfo.GROUP_SERVICE_ACCOUNTS + ":" + namespace),
                extra);
    }

    private static void put(Map<String, List<String>> extra, String kind, JsonNode reference) {
        extra.put(EXTRA + kind + "-name", List.of(Trees.text(reference, "name")));
        String uid = Trees.text(reference, "uid");
        if (!uid.isEmpty()) {
            extra.put(EXTRA + kind + "-uid", List.of(uid));
        }
    }

    private void checkTimes(JsonNode claims) throws AuthenticationException {
        long now = clock.instant().getEpochSecond();
        long leeway = LEEWAY.toSeconds();
        if (now - leeway > Trees.number(claims, 0, "exp")) {
            throw new AuthenticationException("service account token has expired");
        }
        if (now + leeway < Trees.number(claims, 0, "nbf")) {
            throw new AuthenticationException("service account token is not valid yet");
        }
        if (now + leeway < Trees.number(claims, 0, "iat")) {
            throw new AuthenticationException("service account token is issued in the future");
        }
    }

    private void checkAccount(String namespace, String name, String uid, Duration leeway)
            throws AuthenticationException {
        ObjectNode account = find("serviceaccounts", namespace, name, uid);
        if (account == null) {
            throw new AuthenticationException("serviceaccounts \"" + name + "\" not found");
        }
        if (!Trees.uid(account).equals(uid)) {
            throw new AuthenticationException(
                    "service account UID ("
                            + Trees.uid(account)
                            + ") does not match claim ("
                            + uid
                            + ")");
        }
        if (deletedBefore(account, clock.instant().minus(leeway))) {
            throw new AuthenticationException(
                    "service account " + namespace + "/" + name + " has been deleted");
        }
    }

    private void checkBound(String resource, String namespace, JsonNode reference, String word)
            throws AuthenticationException {
        String uid = Trees.text(reference, "uid");
        ObjectNode object = find(resource, namespace, Trees.text(reference, "name"), uid);
        if (object == null || deletedBefore(object, clock.instant().minus(LEEWAY))) {
            throw new AuthenticationException(INVALIDATED);
        }
        if (!Trees.uid(object).equals(uid)) {
            throw new AuthenticationException(
                    word
                            + " UID ("
                            + Trees.uid(object)
                            + ") does not match service account "
                            + word
                            + " ref claim ("
                            + uid
                            + ")");
        }
    }

    /** From the cache if it has the very object, else as etcd has it. */
    private @Nullable ObjectNode find(String resource, String namespace, String name, String uid) {
        ObjectNode cached = listers.get("", resource, namespace, name).orElse(null);
        if (cached != null && (uid.isEmpty() || Trees.uid(cached).equals(uid))) {
            return cached;
        }
        return listers.live("", resource, namespace, name).orElse(null);
    }

    private static boolean deletedBefore(ObjectNode object, Instant time) {
        String deleted = Trees.text(object, "metadata", "deletionTimestamp");
        return !deleted.isEmpty() && Instant.parse(deleted).isBefore(time);
    }
}
