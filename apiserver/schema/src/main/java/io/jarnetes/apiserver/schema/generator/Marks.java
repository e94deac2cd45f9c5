package io.jarnetes.apiserver.schema.generator;

import io.jarnetes.apiserver.schema.FieldSchema.ListType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Upstream's markers of one field or type, out of its comment.
 *
 * @param patchStrategy in order
 * @param defaultValue JSON text, or null
 */
record Marks(
        ListType listType,
        List<String> mapKeys,
        boolean atomic,
        List<String> patchStrategy,
        @Nullable String patchMergeKey,
        @Nullable String defaultValue) {

    /** Constants that markers refer to instead of a literal. */
    private static final Map<String, String> REFERENCES =
            Map.of(
                    "ref(AzureDataDiskCachingReadWrite)", "\"ReadWrite\"",
                    "ref(AzureSharedBlobDisk)", "\"Shared\"");

    static Marks of(List<String> comment, String shapeMarks) {
        ListType listType = ListType.NONE;
        List<String> keys = new ArrayList<>();
        boolean atomic = false;
        List<String> strategy = new ArrayList<>();
        String mergeKey = null;
        String defaultValue = null;
        for (String raw : lines(comment, shapeMarks)) {
            String line = raw.strip();
            int equals = line.indexOf('=');
            String value = equals < 0 ? "" : line.substring(equals + 1).strip();
            switch (equals < 0 ? line : line.substring(0, equals)) {
                case "+listType" -> listType = ListType.valueOf(value.toUpperCase(Locale.ROOT));
                case "+listMapKey" -> keys.add(value);
                case "+mapType", "+structType" -> atomic |= value.equals("atomic");
                case "+patchStrategy" -> strategy.addAll(List.of(value.split(",")));
                case "+patchMergeKey" -> mergeKey = value;
                case "+default" -> defaultValue = REFERENCES.getOrDefault(value, value);
                default -> {}
            }
        }
        // Where no list type is declared, the key of an associative list is the merge key.
        if (listType == ListType.NONE && mergeKey != null && strategy.contains("merge")) {
            listType = ListType.MAP;
            keys.add(mergeKey);
        } else if (listType == ListType.NONE && strategy.contains("merge")) {
            listType = ListType.SET;
        }
        return new Marks(listType, keys, atomic, strategy, mergeKey, defaultValue);
    }

    private static List<String> lines(List<String> comment, String shapeMarks) {
        List<String> lines = new ArrayList<>(comment);
        for (String mark : shapeMarks.split(" ")) {
            if (mark.startsWith("map=")) {
                lines.add("+listType=map");
                lines.add("+listMapKey=" + mark.substring("map=".length()));
            } else if (mark.startsWith("merge=")) {
                lines.add("+patchStrategy=merge");
                lines.add("+patchMergeKey=" + mark.substring("merge=".length()));
            }
        }
        return lines;
    }
}
