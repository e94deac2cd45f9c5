package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.FieldValidation;
import io.jarnetes.apiserver.server.registry.ListOptions;
import io.jarnetes.apiserver.server.registry.Quote;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The query parameters that verbs know, with upstream's refusals. */
final class Query {

    private final Map<String, List<String>> values;

    Query(Map<String, List<String>> values) {
        this.values = values;
    }

    /** The first value, empty when there is none. */
    String text(String name) {
        List<String> all = values.getOrDefault(name, List.of());
        return all.isEmpty() ? "" : all.getFirst();
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /** Go's form values: everything but {@code false} and {@code 0} is true. */
    boolean flag(String name) {
        return has(name) && !text(name).equals("0") && !text(name).equalsIgnoreCase("false");
    }

    private @Nullable Boolean flagOrNull(String name) {
        return has(name) ? Boolean.valueOf(flag(name)) : null;
    }

    private long number(String name) {
        String text = text(name);
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            String why = text.matches("[-+]?[0-9]+") ? "value out of range" : "invalid syntax";
            throw ApiException.badRequest(
                    "strconv.ParseInt: parsing " + Quote.go(text) + ": " + why);
        }
    }

    ListOptions listOptions() {
        String timeout = text("timeoutSeconds");
        return new ListOptions(
                text("labelSelector"),
                text("fieldSelector"),
                text("resourceVersion"),
                text("resourceVersionMatch"),
                number("limit"),
                text("continue"),
                flag("allowWatchBookmarks"),
                flagOrNull("sendInitialEvents"),
                timeout.isEmpty() ? null : Duration.ofSeconds(number("timeoutSeconds")));
    }

    /**
     * @param kind of the options, for the message: {@code CreateOptions}
     */
    boolean dryRun(String kind) {
        List<String> wanted = values.getOrDefault("dryRun", List.of());
        return dryRun(kind, wanted);
    }

    static boolean dryRun(String kind, List<String> wanted) {
        if (!wanted.stream().allMatch("All"::equals)) {
            JsonNode given =
                    JsonNodeFactory.instance
                            .arrayNode()
                            .addAll(
                                    wanted.stream()
                                            .<JsonNode>map(JsonNodeFactory.instance::stringNode)
                                            .toList());
            throw invalid(kind, FieldError.notSupported("dryRun", given, List.of("All")));
        }
        return !wanted.isEmpty();
    }

    FieldValidation fieldValidation(String kind) {
        return switch (text("fieldValidation")) {
            case "", "Warn" -> FieldValidation.WARN;
            case "Ignore" -> FieldValidation.IGNORE;
            case "Strict" -> FieldValidation.STRICT;
            default ->
                    throw invalid(
                            kind,
                            FieldError.notSupported(
                                    "fieldValidation",
                                    text("fieldValidation"),
                                    List.of("", "Ignore", "Strict", "Warn")));
        };
    }

    /** Who writes: the parameter, or the program that the User-Agent names. */
    String fieldManager(String kind, @Nullable String userAgent) {
        String given = text("fieldManager");
        if (given.length() > 128) {
            throw invalid(kind, FieldError.tooLong("fieldManager", 128));
        }
        checkPrintable(kind, given);
        if (!given.isEmpty()) {
            return given;
        }
        String agent = userAgent == null ? "" : userAgent;
        int slash = agent.indexOf('/');
        String name = slash < 0 ? agent : agent.substring(0, slash);
        return name.isEmpty() ? "unknown" : name;
    }

    private static void checkPrintable(String kind, String manager) {
        int at = 0;
        for (int each : manager.codePoints().toArray()) {
            if (Character.isISOControl(each) || !Character.isDefined(each)) {
                String why = "invalid character U+%04X (at position %d)".formatted(each, at);
                throw invalid(kind, FieldError.invalid("fieldManager", manager, why));
            }
            at += Character.charCount(each);
        }
    }

    /** A delete's options where the body has none. */
    ObjectNode deleteOptions() {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        if (has("gracePeriodSeconds")) {
            options.put("gracePeriodSeconds", number("gracePeriodSeconds"));
        }
        if (has("propagationPolicy")) {
            options.put("propagationPolicy", text("propagationPolicy"));
        }
        if (has("orphanDependents")) {
            options.put("orphanDependents", flag("orphanDependents"));
        }
        values.getOrDefault("dryRun", List.of()).forEach(options.withArray("dryRun")::add);
        if (options.path("dryRun").isEmpty()) {
            options.remove("dryRun");
        }
        return options;
    }

    static ApiException invalid(String kind, FieldError error) {
        return ApiException.invalid("meta.k8s.io", kind, "", List.of(error));
    }
}
