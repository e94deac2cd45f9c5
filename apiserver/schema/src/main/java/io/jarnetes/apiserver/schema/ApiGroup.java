package io.jarnetes.apiserver.schema;

import java.util.List;

/**
 * A group and its versions, preferred version first.
 *
 * @param name empty for core
 * @param priorityMinimum the APIServices' {@code groupPriorityMinimum}: higher comes first
 * @param versions those of the table it was asked from, in order of preference
 */
public record ApiGroup(String name, int priorityMinimum, List<ApiVersion> versions) {

    public ApiGroup {
        versions = List.copyOf(versions);
    }

    /**
     * One version of a group.
     *
     * @param priority the APIService's {@code versionPriority}
     */
    public record ApiVersion(String version, int priority) {}
}
