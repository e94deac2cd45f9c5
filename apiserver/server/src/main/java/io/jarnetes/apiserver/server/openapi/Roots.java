package io.jarnetes.apiserver.server.openapi;

import java.util.List;

/** The operations that belong to no resource, and constants of all. */
final class Roots {
    static final List<String> PATCH_TYPES =
            List.of(
                    "application/apply-patch+yaml",
                    "application/json-patch+json",
                    "application/merge-patch+json",
                    "application/strategic-merge-patch+json");
    private static final List<String> JSON = List.of("application/json");

    private Roots() {}

    static String statusText(int code) {
        return switch (code) {
            case 201 -> "Created";
            case 202 -> "Accepted";
            default -> "OK";
        };
    }

    static String tag(String path) {
        return switch (path) {
            case ".well-known/openid-configuration" -> "WellKnown";
            case "api" -> "core";
            case "apis" -> "apis";
            case "openid/v1/jwks" -> "openid";
            case "version" -> "version";
            default -> OperationNames.groupName(path.substring("apis/".length()), false);
        };
    }

    static Operation operation(String path) {
        return switch (path) {
            case ".well-known/openid-configuration" ->
                    get(
                            "getServiceAccountIssuerOpenIDConfiguration",
                            "get service account issuer OpenID configuration, also known as the"
                                    + " 'OIDC discovery doc'",
                            "",
                            JSON);
            case "openid/v1/jwks" ->
                    get(
                            "getServiceAccountIssuerOpenIDKeyset",
                            "get service account issuer OpenID JSON Web Key Set (contains public"
                                    + " token verification keys)",
                            "",
                            List.of("application/jwk-set+json"));
            case "version" ->
                    get(
                            "getCodeVersion",
                            "get the version information for this server",
                            "io.k8s.apimachinery.pkg.version.Info",
                            JSON);
            case "api" ->
                    get(
                            "getCoreAPIVersions",
                            "get available API versions",
                            TypeNames.META + "APIVersions",
                            Operations.PLAIN);
            case "apis" ->
                    get(
                            "getAPIVersions",
                            "get available API versions",
                            TypeNames.META + "APIGroupList",
                            Operations.PLAIN);
            default ->
                    get(
                            "get"
                                    + OperationNames.groupName(
                                            path.substring("apis/".length()), true)
                                    + "APIGroup",
                            "get information of a group",
                            TypeNames.META + "APIGroup",
                            Operations.PLAIN);
        };
    }

    private static Operation get(String id, String text, String answer, List<String> produces) {
        return new Operation(
                "get", id, text, "", null, List.of(), "", false, answer, List.of(200), produces);
    }
}
