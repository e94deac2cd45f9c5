package io.jarnetes.apiserver.schema;

/**
 * An API group and one of its versions; the core group's name is empty.
 *
 * @param group such as {@code apps}, or {@code ""} for the core group
 * @param version such as {@code v1}
 */
public record GroupVersion(String group, String version) {

    /** What {@code apiVersion} says: {@code v1} or {@code apps/v1}; never fails, as in Go. */
    public static GroupVersion parse(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash < 0
                ? new GroupVersion("", apiVersion)
                : new GroupVersion(apiVersion.substring(0, slash), apiVersion.substring(slash + 1));
    }

    public GroupVersionKind kind(String kind) {
        return new GroupVersionKind(group, version, kind);
    }

    /** The path all resources of this version begin with: {@code /api/v1} or {@code /apis/G/V}. */
    public String path() {
        return group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    }

    /** As {@code apiVersion} is written. */
    @Override
    public String toString() {
        return group.isEmpty() ? version : group + "/" + version;
    }
}
