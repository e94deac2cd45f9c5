package io.jarnetes.kubeclient;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks the apiserver who a bearer token is, and whether that user may read a path. */
final class DelegatedAuth {

    /**
     * @param code 200, 401, 403 or 500
     * @param body a metav1.Status for all but 200
     */
    record Verdict(int code, String body) {}

    private final ApiClient client;

    DelegatedAuth(ApiClient client) {
        this.client = client;
    }

    Verdict check(@Nullable String authorization, String path) {
        try {
            String user = "system:anonymous";
            JsonNode groups = Json.tree(List.of("system:unauthenticated"));
            if (authorization != null && authorization.startsWith("Bearer ")) {
                JsonNode status = review(authorization.substring("Bearer ".length()).strip());
                if (!Json.flag(status, "authenticated")) {
                    return status(401, "Unauthorized", "Unauthorized");
                }
                user = Json.text(status, "user", "username");
                groups = Json.at(status, "user", "groups");
            }
            if (allowed(user, groups, path)) {
                return new Verdict(200, "");
            }
            return status(
                    403,
                    "Forbidden",
                    "forbidden: User \"" + user + "\" cannot get path \"" + path + "\"");
        } catch (ApiException e) {
            return status(500, "InternalError", "Internal Server Error: \"" + path + "\"");
        }
    }

    private JsonNode review(String token) {
        return client.create(
                        "/apis/authentication.k8s.io/v1/tokenreviews",
                        Json.of(
                                "apiVersion",
                                "authentication.k8s.io/v1",
                                "kind",
                                "TokenReview",
                                "spec",
                                Json.of("token", token)))
                .at("status");
    }

    private boolean allowed(String user, JsonNode groups, String path) {
        ObjectNode spec =
                Json.of(
                        "user",
                        user,
                        "groups",
                        groups.isArray() ? groups : Json.array(),
                        "nonResourceAttributes",
                        Json.of("path", path, "verb", "get"));
        return client.create(
                        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                        Json.of(
                                "apiVersion",
                                "authorization.k8s.io/v1",
                                "kind",
                                "SubjectAccessReview",
                                "spec",
                                spec))
                .flag("status", "allowed");
    }

    private static Verdict status(int code, String reason, String message) {
        ObjectNode status =
                Json.of(
                        "kind",
                        "Status",
                        "apiVersion",
                        "v1",
                        "metadata",
                        Json.object(),
                        "status",
                        "Failure",
                        "message",
                        message,
                        "reason",
                        reason);
        if (code == 403) {
            status.set("details", Json.object());
        }
        status.put("code", code);
        return new Verdict(code, new String(Json.bytes(status), StandardCharsets.UTF_8) + "\n");
    }
}
