package io.jarnetes.apiserver.schema.codec;

import io.jarnetes.apiserver.schema.TypeSchema;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What upstream's conversion to internal types and back does to an object of the same version:
 * deprecated twins of fields follow their successors, write-only fields are merged.
 */
final class Conversions {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Conversions() {}

    /** Changes the fields of one struct, by their place in the type. */
    static void apply(TypeSchema type, @Nullable JsonNode[] slots) {
        switch (type.name()) {
            case "io.k8s.api.core.v1.PodSpec" -> serviceAccount(type, slots);
            case "io.k8s.api.core.v1.Secret" -> stringData(type, slots);
            case "io.k8s.api.apps.v1.StatefulSetSpec" -> claimTemplates(type, slots);
            default -> {}
        }
    }

    private static void serviceAccount(TypeSchema type, @Nullable JsonNode[] slots) {
        int name = type.indexOf("serviceAccountName");
        int deprecated = type.indexOf("serviceAccount");
        JsonNode given = slots[name];
        if (given == null || given.asString("").isEmpty()) {
            slots[name] = slots[deprecated];
        } else {
            slots[deprecated] = given;
        }
    }

    private static void stringData(TypeSchema type, @Nullable JsonNode[] slots) {
        int text = type.indexOf("stringData");
        int data = type.indexOf("data");
        if (slots[text] instanceof ObjectNode strings) {
            Map<String, JsonNode> merged = new TreeMap<>();
            if (slots[data] instanceof ObjectNode bytes) {
                bytes.properties().forEach(e -> merged.put(e.getKey(), e.getValue()));
            }
            for (Map.Entry<String, JsonNode> entry : strings.properties()) {
                byte[] plain = entry.getValue().asString("").getBytes(StandardCharsets.UTF_8);
                merged.put(
                        entry.getKey(),
                        NODES.stringNode(Base64.getEncoder().encodeToString(plain)));
            }
            ObjectNode all = NODES.objectNode();
            merged.forEach(all::set);
            slots[data] = all;
            slots[text] = null;
        }
    }

    private static void claimTemplates(TypeSchema type, @Nullable JsonNode[] slots) {
        if (slots[type.indexOf("volumeClaimTemplates")] instanceof ArrayNode templates) {
            for (int i = 0; i < templates.size(); i++) {
                if (templates.get(i) instanceof ObjectNode template) {
                    ObjectNode named = NODES.objectNode();
                    named.put("kind", "PersistentVolumeClaim").put("apiVersion", "v1");
                    template.remove("kind");
                    template.remove("apiVersion");
                    named.setAll(template);
                    templates.set(i, named);
                }
            }
        }
    }
}
