package io.jarnetes.apiserver.server.registry;

/**
 * A resource of an API group, in whatever version.
 *
 * @param group the API group, empty for the core group
 * @param resource the plural name, such as {@code deployments}
 */
public record GroupResource(String group, String resource) {

    /** As upstream prints it in messages: {@code pods}, {@code deployments.apps}. */
    @Override
    public String toString() {
        return group.isEmpty() ? resource : resource + "." + group;
    }
}
