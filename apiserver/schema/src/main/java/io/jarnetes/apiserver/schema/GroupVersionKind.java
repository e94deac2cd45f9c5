package io.jarnetes.apiserver.schema;

import tools.jackson.databind.JsonNode;

/** What {@code apiVersion} and {@code kind} of an object say. */
public record GroupVersionKind(String group, String version, String kind) {

    public GroupVersion groupVersion() {
        return new GroupVersion(group, version);
    }

    public String apiVersion() {
        return groupVersion().toString();
    }

    /** The one that an object names; empty strings where it names none. */
    public static GroupVersionKind of(JsonNode object) {
        return GroupVersion.parse(object.path("apiVersion").asString(""))
                .kind(object.path("kind").asString(""));
    }

    /**
     * Go's form, which error texts contain: {@code apps/v1, Kind=Deployment}, {@code /v1,
     * Kind=Pod}.
     */
    @Override
    public String toString() {
        return group + "/" + version + ", Kind=" + kind;
    }
}
