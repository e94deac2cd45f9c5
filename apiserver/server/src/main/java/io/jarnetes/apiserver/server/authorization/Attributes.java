package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.authentication.UserInfo;

/**
 * What someone wants to do. Absent parts are empty texts.
 *
 * @param verb {@code get}, {@code list}, ...; for non-resource paths the HTTP method in lower case
 * @param resource the plural
 * @param resourceRequest whether it is about a resource; otherwise only {@code path} counts
 * @param path the URL's path
 * @param fieldSelector of a list, watch or deletecollection, as it came
 */
public record Attributes(
        UserInfo user,
        String verb,
        String namespace,
        String apiGroup,
        String apiVersion,
        String resource,
        String subresource,
        String name,
        boolean resourceRequest,
        String path,
        String fieldSelector) {

    /** A request about a resource. */
    public static Attributes resource(
            UserInfo user,
            String verb,
            String apiGroup,
            String apiVersion,
            String resource,
            String subresource,
            String namespace,
            String name) {
        return new Attributes(
                user,
                verb,
                namespace,
                apiGroup,
                apiVersion,
                resource,
                subresource,
                name,
                true,
                "",
                "");
    }

    /** A request about a path that is no resource, such as {@code /metrics}. */
    public static Attributes path(UserInfo user, String verb, String path) {
        return new Attributes(user, verb, "", "", "", "", "", "", false, path, "");
    }

    /** The same with another verb. */
    public Attributes withVerb(String other) {
        return new Attributes(
                user,
                other,
                namespace,
                apiGroup,
                apiVersion,
                resource,
                subresource,
                name,
                resourceRequest,
                path,
                fieldSelector);
    }

    /** {@code get}, {@code list} or {@code watch}. */
    public boolean readOnly() {
        return verb.equals("get") || verb.equals("list") || verb.equals("watch");
    }

    /** {@code pods/status}, or {@code pods} without a subresource: as rules name it. */
    public String combinedResource() {
        return subresource.isEmpty() ? resource : resource + '/' + subresource;
    }
}
