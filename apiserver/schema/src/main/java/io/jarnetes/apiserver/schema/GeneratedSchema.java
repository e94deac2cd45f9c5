package io.jarnetes.apiserver.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The schema that the build generates, parsed type by type at first use. */
final class GeneratedSchema implements Schema {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    private final List<String> names = new ArrayList<>();
    private final Map<String, Integer> index = new HashMap<>();
    private final List<String> lines;
    private final List<GroupVersion> versions = new ArrayList<>();
    private final Map<String, TypeSchema> types = new ConcurrentHashMap<>();

    private GeneratedSchema(List<String> lines) {
        this.lines = lines;
        ResourceTable.known().all().stream()
                .map(ResourceDefinition::groupVersion)
                .distinct()
                .forEach(versions::add);
        for (String line : lines) {
            String name = line.substring(0, line.indexOf('\t'));
            index.put(name, names.size());
            names.add(name);
        }
    }

    static GeneratedSchema load() {
        try (InputStream in = resource(SchemaFormat.SCHEMA)) {
            return new GeneratedSchema(lines(in));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + SchemaFormat.SCHEMA, e);
        }
    }

    private static InputStream resource(String name) {
        InputStream in = GeneratedSchema.class.getResourceAsStream(name);
        if (in == null) {
            throw new IllegalStateException(
                    "the jar lacks " + name + ", which the build generates");
        }
        return in;
    }

    private static List<String> lines(InputStream in) throws IOException {
        return Arrays.asList(new String(in.readAllBytes(), UTF_8).split("\n"));
    }

    @Override
    public Optional<TypeSchema> type(GroupVersionKind kind) {
        Optional<TypeSchema> own =
                type(packageOf(kind.groupVersion()) + "." + kind.kind()).filter(this::isKind);
        return own.isPresent() ? own : type(META + kind.kind()).filter(this::isKind);
    }

    private boolean isKind(TypeSchema type) {
        return type.field("kind") != null && type.field("apiVersion") != null;
    }

    /** The Go package of a group and version, as OpenAPI spells it. */
    static String packageOf(GroupVersion version) {
        String group = version.group();
        String folder =
                switch (group) {
                    case "" -> "api.core";
                    case "apiextensions.k8s.io" -> "apiextensions-apiserver.pkg.apis.apiextensions";
                    case "apiregistration.k8s.io" -> "kube-aggregator.pkg.apis.apiregistration";
                    case "internal.apiserver.k8s.io" -> "api.apiserverinternal";
                    case "meta.k8s.io" -> "apimachinery.pkg.apis.meta";
                    default -> "api." + group.replaceFirst("\\..*", "");
                };
        return "io.k8s." + folder + "." + version.version();
    }

    @Override
    public Optional<GroupVersionKind> kindOf(TypeSchema type) {
        FieldSchema kind = type.field("kind");
        FieldSchema version = type.field("apiVersion");
        boolean typeMeta =
                kind != null
                        && version != null
                        && kind.number() == 0
                        && version.number() == 0
                        && (type.protobuf() || type.field("metadata") != null);
        if (!typeMeta && !type.name().equals(META + "WatchEvent")) {
            return Optional.empty();
        }
        String folder = type.name().substring(0, type.name().lastIndexOf('.'));
        if (type.name().startsWith(META)) {
            return Optional.of(new GroupVersionKind("", "v1", type.goName()));
        }
        return versions.stream()
                .filter(v -> packageOf(v).equals(folder))
                .map(v -> v.kind(type.goName()))
                .findFirst();
    }

    @Override
    public Optional<TypeSchema> type(String definitionName) {
        @Nullable Integer line = index.get(definitionName);
        return line == null
                ? Optional.empty()
                : Optional.of(types.computeIfAbsent(definitionName, n -> parse(lines.get(line))));
    }

    private TypeSchema parse(String line) {
        String[] column = line.split("\t", -1);
        Map<Integer, String> inlines = new HashMap<>();
        for (String inline : column[2].isEmpty() ? new String[0] : column[2].split(",")) {
            int colon = inline.indexOf(':');
            inlines.put(
                    Integer.parseInt(inline.substring(0, colon)),
                    names.get(Integer.parseInt(inline.substring(colon + 1))));
        }
        List<FieldSchema> fields = new ArrayList<>();
        for (int i = 3; i < column.length; i++) {
            fields.add(SchemaFormat.read(column[i], names));
        }
        return new TypeSchema(column[0], column[1], inlines, fields);
    }

    @Override
    public Collection<String> names() {
        return List.copyOf(names);
    }

    @Override
    public Descriptions descriptions() {
        try (InputStream in = new GZIPInputStream(resource(SchemaFormat.TEXTS))) {
            return new Texts(lines(in));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + SchemaFormat.TEXTS, e);
        }
    }

    /** A line a type, in the order of the schema's lines. */
    private final class Texts implements Descriptions {
        private final List<String> texts;

        Texts(List<String> texts) {
            this.texts = texts;
        }

        @Override
        public String of(TypeSchema type) {
            return column(type, 0);
        }

        @Override
        public String of(TypeSchema type, FieldSchema field) {
            return column(type, 1 + type.fields().indexOf(field));
        }

        private String column(TypeSchema type, int number) {
            @Nullable Integer line = index.get(type.name());
            String[] columns =
                    line == null || line >= texts.size()
                            ? new String[0]
                            : texts.get(line).split("\t", -1);
            return number < columns.length ? unescaped(columns[number]) : "";
        }

        private static String unescaped(String text) {
            StringBuilder plain = new StringBuilder();
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                if (c == '\\') {
                    char next = text.charAt(++i);
                    plain.append(next == 'n' ? '\n' : next == 't' ? '\t' : next);
                } else {
                    plain.append(c);
                }
            }
            return plain.toString();
        }
    }
}
