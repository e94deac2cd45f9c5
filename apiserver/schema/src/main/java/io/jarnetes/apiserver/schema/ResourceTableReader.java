package io.jarnetes.apiserver.schema;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code resources.txt}, whose head describes its form. */
final class ResourceTableReader {
    private static final String RESOURCE = "resources.txt";
    private static final String ALL_VERBS = "cdDglpuw";
    private static final Pattern SUBRESOURCE =
            Pattern.compile("(\\w+)(?: (\\w+?)(?:\\(([^)]+)\\))?)?(?: ([a-z]+))?");

    private final List<ResourceDefinition> definitions = new ArrayList<>();
    private final Map<String, ApiGroup> groups = new LinkedHashMap<>();
    private GroupVersion current = new GroupVersion("", "");
    private boolean served;

    /** What the file holds, in its order. */
    record Contents(List<ApiGroup> groups, List<ResourceDefinition> definitions) {}

    static Contents builtIn() {
        try (InputStream in = ResourceTableReader.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks its resource " + RESOURCE);
            }
            ResourceTableReader reader = new ResourceTableReader();
            new BufferedReader(new InputStreamReader(in, UTF_8)).lines().forEach(reader::line);
            return new Contents(List.copyOf(reader.groups.values()), reader.definitions);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    private void line(String line) {
        if (line.startsWith("+ ") || line.startsWith("- ")) {
            version(line.substring(2).split(" "), line.charAt(0) == '+');
        } else if (!line.isBlank() && !line.startsWith("#")) {
            definitions.add(resource(line.split("\\|", -1)));
        }
    }

    private void version(String[] words, boolean on) {
        GroupVersion read = GroupVersion.parse(words[0]);
        current = new GroupVersion(read.group().equals("core") ? "" : read.group(), read.version());
        served = on;
        ApiGroup.ApiVersion version =
                new ApiGroup.ApiVersion(current.version(), Integer.parseInt(words[2]));
        ApiGroup group =
                groups.getOrDefault(
                        current.group(),
                        new ApiGroup(current.group(), Integer.parseInt(words[1]), List.of()));
        List<ApiGroup.ApiVersion> versions = new ArrayList<>(group.versions());
        versions.add(version);
        groups.put(group.name(), new ApiGroup(group.name(), group.priorityMinimum(), versions));
    }

    private ResourceDefinition resource(String[] column) {
        String kind = column[1];
        String prefix =
                switch (column[7]) {
                    case "" -> column[0];
                    case "-" -> "";
                    default -> column[7];
                };
        return new ResourceDefinition(
                current.group(),
                current.version(),
                column[0],
                kind,
                ResourceDefinition.singularOf(kind),
                column[2].equals("N"),
                verbs(column[3]),
                words(column[4]),
                words(column[5]),
                subresources(column[6], kind),
                prefix,
                stored(column[8]).kind(kind),
                served);
    }

    private GroupVersion stored(String text) {
        if (text.isEmpty()) {
            return current;
        }
        return text.startsWith("core ")
                ? new GroupVersion("", text.substring("core ".length()))
                : new GroupVersion(current.group(), text);
    }

    private List<Subresource> subresources(String text, String parentKind) {
        List<Subresource> read = new ArrayList<>();
        for (String part : text.isEmpty() ? new String[0] : text.split("; ")) {
            read.add(subresource(part, parentKind));
        }
        return read;
    }

    private Subresource subresource(String text, String parentKind) {
        Matcher matcher = SUBRESOURCE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalStateException(RESOURCE + ": no subresource: " + text);
        }
        String kind = matcher.group(2);
        String verbs = matcher.group(4);
        // "finalize u": one word in lower case is verbs, a kind begins with a capital.
        if (kind != null && Character.isLowerCase(kind.charAt(0))) {
            verbs = kind;
            kind = null;
        }
        String elsewhere = matcher.group(3);
        GroupVersion version = elsewhere == null ? current : GroupVersion.parse(elsewhere);
        return new Subresource(
                matcher.group(1),
                version.kind(kind == null ? parentKind : kind),
                verbs(verbs == null ? "gup" : verbs),
                elsewhere != null && !version.equals(current));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    private static List<String> verbs(String text) {
        String letters =
                switch (text) {
                    case "all" -> ALL_VERBS;
                    case "all-D" -> ALL_VERBS.replace("D", "");
                    default -> text;
                };
        return letters.chars().mapToObj(c -> verb((char) c)).sorted().toList();
    }

    private static String verb(char letter) {
        return switch (letter) {
            case 'g' -> "get";
            case 'l' -> "list";
            case 'w' -> "watch";
            case 'c' -> "create";
            case 'u' -> "update";
            case 'p' -> "patch";
            case 'd' -> "delete";
            case 'D' -> "deletecollection";
            default -> throw new IllegalStateException(RESOURCE + ": no verb: " + letter);
        };
    }
}
