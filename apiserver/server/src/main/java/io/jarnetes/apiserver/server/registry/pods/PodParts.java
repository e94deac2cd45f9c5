package io.jarnetes.apiserver.server.registry.pods;

import io.jarnetes.apiserver.server.registry.FieldErrors;
import tools.jackson.databind.JsonNode;

/** The rules of what pods have in common with other kinds. */
public final class PodParts {

    private PodParts() {}

    /** The source of a volume, of the type that its field says. */
    public static void volumeSource(String type, JsonNode source, String path, FieldErrors errors) {
        VolumeRules.type(type, source, path, errors);
    }

    public static void nodeSelector(JsonNode selector, String path, FieldErrors errors) {
        SchedulingRules.nodeSelector(selector, path, errors);
    }

    public static void tolerations(JsonNode tolerations, String path, FieldErrors errors) {
        SchedulingRules.tolerations(tolerations, path, errors);
    }

    /** Requests and limits. */
    public static void resources(JsonNode resources, String path, FieldErrors errors) {
        ResourceRules.validate(resources, path, errors);
    }

    /** The name of something that a container may ask for. */
    public static void containerResource(String name, String path, FieldErrors errors) {
        ResourceRules.name(name, path, errors);
    }

    /** The name of any resource. */
    public static void resource(String name, String path, FieldErrors errors) {
        ResourceRules.anyName(name, path, errors);
    }

    /** Whether more of it may be promised than there is. */
    public static boolean mayBeOvercommitted(String resource) {
        return ResourceRules.overcommits(resource);
    }
}
