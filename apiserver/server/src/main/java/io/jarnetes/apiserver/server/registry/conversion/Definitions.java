package io.jarnetes.apiserver.server.registry.conversion;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.server.registry.Meta;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * CustomResourceDefinitions, which etcd holds as v1beta1: with a single version its schema,
 * subresources and columns stand at the top there.
 */
final class Definitions {

    private static final List<String> HOISTED = List.of("subresources", "selectableFields");

    private Definitions() {}

    static void convert(ObjectNode definition, GroupVersionKind to) {
        ObjectNode spec = Meta.child(definition, "spec");
        if (to.version().equals("v1beta1")) {
            toBeta(spec);
        } else {
            fromBeta(spec);
        }
    }

    private static void toBeta(ObjectNode spec) {
        JsonNode versions = spec.path("versions");
        for (JsonNode each : versions) {
            if (each instanceof ObjectNode version) {
                columns(version, "jsonPath", "JSONPath");
            }
        }
        if (versions.size() > 0) {
            spec.put("version", versions.get(0).path("name").asString(""));
        }
        if (versions.size() == 1 && versions.get(0) instanceof ObjectNode only) {
            move(only, "schema", spec, "validation");
            move(only, "additionalPrinterColumns", spec, "additionalPrinterColumns");
            HOISTED.forEach(field -> move(only, field, spec, field));
        }
        if (spec.get("conversion") instanceof ObjectNode conversion
                && conversion.remove("webhook") instanceof ObjectNode webhook) {
            move(webhook, "clientConfig", conversion, "webhookClientConfig");
            move(webhook, "conversionReviewVersions", conversion, "conversionReviewVersions");
        }
        if (!spec.has("preserveUnknownFields")) {
            spec.put("preserveUnknownFields", false);
        }
    }

    private static void fromBeta(ObjectNode spec) {
        spec.remove("version");
        for (JsonNode each : spec.path("versions")) {
            if (each instanceof ObjectNode version) {
                copy(spec, "validation", version, "schema");
                copy(spec, "additionalPrinterColumns", version, "additionalPrinterColumns");
                HOISTED.forEach(field -> copy(spec, field, version, field));
                columns(version, "JSONPath", "jsonPath");
            }
        }
        spec.remove(List.of("validation", "additionalPrinterColumns"));
        spec.remove(HOISTED);
        if (spec.get("conversion") instanceof ObjectNode conversion
                && (conversion.has("webhookClientConfig")
                        || conversion.has("conversionReviewVersions"))) {
            ObjectNode webhook = conversion.putObject("webhook");
            move(conversion, "webhookClientConfig", webhook, "clientConfig");
            move(conversion, "conversionReviewVersions", webhook, "conversionReviewVersions");
        }
        if (!spec.path("preserveUnknownFields").asBoolean(true)) {
            spec.remove("preserveUnknownFields");
        }
    }

    private static void columns(ObjectNode version, String from, String to) {
        for (JsonNode each : version.path("additionalPrinterColumns")) {
            if (each instanceof ObjectNode column) {
                move(column, from, column, to);
            }
        }
    }

    private static void move(ObjectNode from, String field, ObjectNode to, String name) {
        JsonNode value = from.remove(field);
        if (value != null) {
            to.set(name, value);
        }
    }

    private static void copy(ObjectNode from, String field, ObjectNode to, String name) {
        JsonNode value = from.get(field);
        if (value != null && !to.has(name)) {
            to.set(name, value.deepCopy());
        }
    }
}
