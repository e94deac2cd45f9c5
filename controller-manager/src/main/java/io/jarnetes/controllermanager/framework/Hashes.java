package io.jarnetes.controllermanager.framework;

import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Names that are made from what a template says. */
public final class Hashes {

    /** Upstream's: no vowels and no lookalikes, so that no words come out. */
    private static final String ALPHANUMS = "bcdfghjklmnpqrstvwxz2456789";

    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private Hashes() {}

    /**
     * The hash of a template as a label value: FNV-1a of its JSON with sorted keys, so that the
     * order in which fields were written does not count.
     *
     * @param collisions added when an earlier hash was taken by another template; 0 for none
     */
    public static String template(JsonNode template, int collisions) {
        StringBuilder text = new StringBuilder();
        canonical(template, text);
        int hash = fnv(FNV_OFFSET, text.toString().getBytes(StandardCharsets.UTF_8));
        if (collisions > 0) {
            byte[] count = {
                (byte) collisions,
                (byte) (collisions >> 8),
                (byte) (collisions >> 16),
                (byte) (collisions >> 24)
            };
            hash = fnv(hash, count);
        }
        return safe(Integer.toUnsignedString(hash));
    }

    private static int fnv(int start, byte[] bytes) {
        int hash = start;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return hash;
    }

    /** Each character becomes one of {@value #ALPHANUMS}. */
    public static String safe(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            safe.append(ALPHANUMS.charAt(text.charAt(i) % ALPHANUMS.length()));
        }
        return safe.toString();
    }

    private static void canonical(JsonNode node, StringBuilder to) {
        switch (node) {
            case ObjectNode object -> {
                TreeMap<String, JsonNode> sorted = new TreeMap<>();
                object.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
                to.append('{');
                sorted.forEach((key, value) -> {
                    if (!value.isNull()) {
                        to.append('"').append(key).append("\":");
                        canonical(value, to);
                        to.append(',');
                    }
                });
                to.append('}');
            }
            case ArrayNode array -> {
                to.append('[');
                for (JsonNode item : array) {
                    canonical(item, to);
                    to.append(',');
                }
                to.append(']');
            }
            default -> to.append(node);
        }
    }
}
