package io.jarnetes.apiserver.schema.generator;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import io.jarnetes.apiserver.schema.generator.ModelReader.Model;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which protobuf message and which OpenAPI model are the same type. */
final class Join {
    private static final Pattern MODEL =
            Pattern.compile("([A-Z][a-z]+)?(V\\d+(?:(?:alpha|beta)\\d+)?)([A-Z]\\w*)");

    /** Definition name to message; only those of packages that are wanted. */
    final Map<String, DescriptorProto> messages = new TreeMap<>();

    /** Definition name to model. */
    final Map<String, Model> models = new TreeMap<>();

    /** Model class name to definition name. */
    final Map<String, String> byClass = new HashMap<>();

    Join(Map<String, DescriptorProto> protos, Map<String, Model> models, Shapes shapes) {
        protos.forEach((name, message) -> messages.put(definition(name), message));
        Set<String> names = new TreeSet<>(messages.keySet());
        names.addAll(shapes.withoutProtobuf());
        models.forEach((name, model) -> match(name, model, names));
    }

    /** {@code k8s.io.api.core.v1.Pod} is {@code io.k8s.api.core.v1.Pod} in OpenAPI. */
    static String definition(String protoName) {
        String name = protoName.startsWith(".") ? protoName.substring(1) : protoName;
        return "io.k8s." + name.substring("k8s.io.".length()).replace('_', '-');
    }

    private void match(String className, Model model, Set<String> names) {
        if (className.equals("VersionInfo")) {
            put(className, "io.k8s.apimachinery.pkg.version.Info", model);
            return;
        }
        Matcher matcher = MODEL.matcher(className);
        if (!matcher.matches()) {
            throw new IllegalStateException("unknown form of model name: " + className);
        }
        String end = "." + matcher.group(2).toLowerCase(Locale.ROOT) + "." + matcher.group(3);
        String group = matcher.group(1) == null ? "" : matcher.group(1).toLowerCase(Locale.ROOT);
        String best =
                names.stream()
                        .filter(n -> n.endsWith(end))
                        .filter(n -> group.isEmpty() || n.endsWith("." + group + end))
                        .filter(n -> !byClass.containsValue(n))
                        .max(Comparator.comparingInt(n -> likeness(n, model)))
                        .orElseThrow(() -> new IllegalStateException("no type for " + className));
        put(className, best, model);
    }

    private void put(String className, String definition, Model model) {
        byClass.put(className, definition);
        models.put(definition, model);
    }

    /** Common fields, less those that only one side has. */
    private int likeness(String definition, Model model) {
        DescriptorProto message = messages.get(definition);
        if (message == null) {
            return -model.fields().size();
        }
        Set<String> ours = new HashSet<>();
        message.getFieldList().forEach((FieldDescriptorProto f) -> ours.add(plain(f.getName())));
        int common = 0;
        for (String field : model.fields().keySet()) {
            common += ours.contains(plain(field)) ? 1 : 0;
        }
        return 2 * common - ours.size();
    }

    /** Names are the same if they differ in case and punctuation only ({@code aPIGroup}). */
    static String plain(String name) {
        StringBuilder plain = new StringBuilder();
        for (char c : name.toLowerCase(Locale.ROOT).toCharArray()) {
            if (Character.isLetterOrDigit(c)) {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
