package io.jarnetes.apiserver.server.registry.validation;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** A tree as lines, as Go's {@code json.MarshalIndent} with one blank writes it. */
final class PrettyJson {

    private final List<String> lines = new ArrayList<>();

    private PrettyJson() {}

    static List<String> lines(JsonNode tree) {
        PrettyJson pretty = new PrettyJson();
        pretty.write(tree, "", "", "");
        return pretty.lines;
    }

    private void write(JsonNode node, String indent, String before, String after) {
        if (node.isObject() && !node.isEmpty()) {
            lines.add(indent + before + "{");
            Iterator<Map.Entry<String, JsonNode>> each = node.properties().iterator();
            while (each.hasNext()) {
                Map.Entry<String, JsonNode> entry = each.next();
                String name = '"' + entry.getKey() + "\": ";
                write(entry.getValue(), indent + " ", name, each.hasNext() ? "," : "");
            }
            lines.add(indent + "}" + after);
        } else if (node.isArray() && !node.isEmpty()) {
            lines.add(indent + before + "[");
            for (int i = 0; i < node.size(); i++) {
                write(node.get(i), indent + " ", "", i + 1 < node.size() ? "," : "");
            }
            lines.add(indent + "]" + after);
        } else {
            lines.add(indent + before + escaped(node.toString()) + after);
        }
    }

    /** Go's encoder is careful with HTML. */
    private static String escaped(String json) {
        return json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
    }
}
