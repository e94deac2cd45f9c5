package io.jarnetes.apiserver.schema.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Date;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeId;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;
import org.yaml.snakeyaml.scanner.ScannerException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** YAML as sigs.k8s.io/yaml reads and writes it: YAML 1.1 without dates and sexagesimals. */
final class Yaml {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_BYTES = 3 * 1024 * 1024;
    private static final int MAX_ALIASES = 50;
    private static final String DUPLICATE = "found duplicate key ";

    /** Where lines are folded. */
    private static final int WIDTH = 80;

    private Yaml() {}

    /** A document and its double keys. */
    record Document(JsonNode tree, List<String> strictErrors) {}

    static Document read(byte[] body) throws DecodeException {
        String text = new String(body, UTF_8);
        try {
            return new Document(tree(load(text, false)), List.of());
        } catch (MarkedYAMLException e) {
            try {
                return new Document(tree(load(text, true)), List.of(message(e)));
            } catch (YAMLException malformed) {
                throw new DecodeException("error converting YAML to JSON: " + message(e));
            }
        } catch (YAMLException e) {
            throw new DecodeException("error converting YAML to JSON: yaml: " + e.getMessage());
        }
    }

    private static @Nullable Object load(String text, boolean duplicateKeys) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(duplicateKeys);
        options.setWarnOnDuplicateKeys(false);
        options.setCodePointLimit(MAX_BYTES);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        DumperOptions dumper = new DumperOptions();
        // Of several documents the first one counts; the others aren't even looked at.
        Iterator<Object> documents =
                new org.yaml.snakeyaml.Yaml(
                                new SafeConstructor(options),
                                new Representer(dumper),
                                dumper,
                                options,
                                new KubernetesResolver())
                        .loadAll(text)
                        .iterator();
        return documents.hasNext() ? documents.next() : null;
    }

    private static String message(MarkedYAMLException e) {
        int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine();
        String problem = String.valueOf(e.getProblem());
        if (problem.startsWith(DUPLICATE)) {
            String key = problem.substring(DUPLICATE.length());
            return "yaml: unmarshal errors:\n  line "
                    + (line + 1)
                    + ": key \""
                    + key
                    + "\" already set in map";
        }
        // Go's parser counts from 0, its scanner from 1, and neither tells of the first line;
        // the end of a text without a last newline is a line of its own.
        boolean atEnd = problem.endsWith("got <stream end>") && e.getProblemMark().getColumn() > 0;
        int told = atEnd || (e instanceof ScannerException && line > 0) ? line + 1 : line;
        return "yaml: " + (told == 0 ? "" : "line " + told + ": ") + goProblem(problem);
    }

    private static String goProblem(String problem) {
        if (problem.startsWith("mapping values are not allowed")) {
            return "mapping values are not allowed in this context";
        }
        if (problem.startsWith("found character") && problem.contains("cannot start any token")) {
            return "found character that cannot start any token";
        }
        int but = problem.indexOf(", but ");
        return problem.startsWith("expected ") && but > 0
                ? "did not find " + problem.substring(0, but)
                : problem;
    }

    private static JsonNode tree(@Nullable Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case Map<?, ?> map -> {
                // Upstream goes through Go's maps, so the keys arrive sorted.
                Map<String, JsonNode> sorted = new TreeMap<>();
                map.forEach((k, v) -> sorted.put(String.valueOf(k), tree(v)));
                ObjectNode object = NODES.objectNode();
                sorted.forEach(object::set);
                yield object;
            }
            case Collection<?> items -> {
                ArrayNode array = NODES.arrayNode();
                items.forEach(item -> array.add(tree(item)));
                yield array;
            }
            case Boolean flag -> NODES.booleanNode(flag);
            case Integer number -> NODES.numberNode(number.longValue());
            case Long number -> NODES.numberNode(number);
            case BigInteger number -> NODES.numberNode(number);
            case Double number -> NODES.numberNode(BigDecimal.valueOf(number));
            case byte[] bytes -> NODES.stringNode(Base64.getEncoder().encodeToString(bytes));
            case Date date -> NODES.stringNode(date.toString());
            default -> NODES.stringNode(value.toString());
        };
    }

    static byte[] write(ObjectNode object) {
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        options.setIndent(2);
        options.setIndicatorIndent(0);
        options.setSplitLines(true);
        options.setWidth(WIDTH);
        Representer representer = new GoStrings(options);
        return new org.yaml.snakeyaml.Yaml(
                        new SafeConstructor(new LoaderOptions()),
                        representer,
                        options,
                        new LoaderOptions(),
                        new KubernetesResolver())
                .dump(plain(object))
                .getBytes(UTF_8);
    }

    private static @Nullable Object plain(JsonNode node) {
        return switch (node.getNodeType()) {
            case OBJECT -> {
                Map<String, @Nullable Object> sorted = new TreeMap<>();
                node.properties().forEach(e -> sorted.put(e.getKey(), plain(e.getValue())));
                yield new LinkedHashMap<>(sorted);
            }
            case ARRAY -> {
                List<@Nullable Object> items = new ArrayList<>();
                node.forEach(item -> items.add(plain(item)));
                yield items;
            }
            case STRING -> node.stringValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER ->
                    node.isIntegralNumber() ? (Object) node.bigIntegerValue() : node.doubleValue();
            default -> null;
        };
    }

    /** Quotes as Go's writer does: double what would not read back as text, block for lines. */
    private static final class GoStrings extends Representer {
        /**
         * Dates, sexagesimals and short booleans, which other readers of YAML 1.1 take for such.
         */
        private static final Pattern OTHER_READERS =
                Pattern.compile(
                        "\\d{4}-\\d\\d?-\\d\\d?(?:[Tt ].*)?|[-+]?\\d[\\d_]*(?::[0-5]?\\d)+(?:\\.\\d*)?"
                                + "|[yYnN]");

        private final Resolver resolver = new KubernetesResolver();

        GoStrings(DumperOptions options) {
            super(options);
            representers.put(String.class, data -> string((String) data));
        }

        private Node string(String text) {
            if (text.indexOf('\n') >= 0) {
                return representScalar(Tag.STR, text, DumperOptions.ScalarStyle.LITERAL);
            }
            boolean plain =
                    resolver.resolve(NodeId.scalar, text, true).equals(Tag.STR)
                            && !OTHER_READERS.matcher(text).matches();
            return representScalar(
                    Tag.STR,
                    text,
                    plain
                            ? DumperOptions.ScalarStyle.PLAIN
                            : DumperOptions.ScalarStyle.DOUBLE_QUOTED);
        }
    }

    /** YAML 1.1's scalars, less what Go's parser leaves as text. */
    private static final class KubernetesResolver extends Resolver {
        private static final Pattern INT =
                Pattern.compile(
                        "[-+]?0b[01_]+|[-+]?0x[0-9a-fA-F_]+|[-+]?0o?[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)");

        private static final Pattern FLOAT =
                Pattern.compile(
                        "[-+]?(?:[0-9][0-9_]*\\.[0-9_]*|\\.[0-9][0-9_]*|[0-9][0-9_]*)"
                                + "(?:[eE][-+]?[0-9]+)?|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

        @Override
        protected void addImplicitResolvers() {
            addImplicitResolver(Tag.BOOL, BOOL, "yYnNtTfFoO");
            addImplicitResolver(Tag.INT, INT, "-+0123456789");
            addImplicitResolver(Tag.FLOAT, FLOAT, "-+0123456789.");
            addImplicitResolver(Tag.MERGE, MERGE, "<");
            addImplicitResolver(Tag.NULL, NULL, "~nN\0");
            addImplicitResolver(Tag.NULL, EMPTY, null);
        }
    }
}
