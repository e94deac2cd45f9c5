package io.jarnetes.apiserver.server.registry.selectors;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** All terms hold ({@code k8s.io/apimachinery/pkg/fields}): {@code a=b,c!=d}. */
public record FieldSelector(List<Term> terms) {

    /**
     * @param negated {@code !=}
     */
    public record Term(String field, String value, boolean negated) {}

    public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    public FieldSelector {
        terms = List.copyOf(terms);
    }

    /**
     * @throws SelectorException with upstream's words
     */
    public static FieldSelector parse(String text) throws SelectorException {
        List<Term> terms = new ArrayList<>();
        for (String part : split(text)) {
            if (!part.isEmpty()) {
                terms.add(term(text, part));
            }
        }
        return new FieldSelector(terms);
    }

    public boolean isEverything() {
        return terms.isEmpty();
    }

    /** The value that a field must have, null when it may have several. */
    public @Nullable String exactly(String field) {
        for (Term term : terms) {
            if (term.field().equals(field) && !term.negated()) {
                return term.value();
            }
        }
        return null;
    }

    /** The same without the terms of a field. */
    public FieldSelector without(String field) {
        return new FieldSelector(terms.stream().filter(t -> !t.field().equals(field)).toList());
    }

    /** The same with other names of fields. */
    public FieldSelector renamed(UnaryOperator<String> names) {
        return new FieldSelector(
                terms.stream()
                        .map(t -> new Term(names.apply(t.field()), t.value(), t.negated()))
                        .toList());
    }

    /** A field that is not there has the empty value. */
    public boolean matches(Map<String, String> fields) {
        for (Term term : terms) {
            boolean equal = fields.getOrDefault(term.field(), "").equals(term.value());
            if (equal == term.negated()) {
                return false;
            }
        }
        return true;
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                part.append(c).append(text.charAt(++i));
            } else if (c == ',') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    private static Term term(String whole, String part) throws SelectorException {
        for (int i = 0; i < part.length(); i++) {
            if (part.startsWith("!=", i)) {
                return new Term(part.substring(0, i), unescape(part.substring(i + 2)), true);
            }
            if (part.startsWith("==", i)) {
                return new Term(part.substring(0, i), unescape(part.substring(i + 2)), false);
            }
            if (part.charAt(i) == '=') {
                return new Term(part.substring(0, i), unescape(part.substring(i + 1)), false);
            }
        }
        throw new SelectorException(
                "invalid selector: '" + whole + "'; can't understand '" + part + "'");
    }

    private static String unescape(String value) throws SelectorException {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '=' || c == ',') {
                throw new SelectorException(
                        "invalid field selector: unescaped character in value: " + (int) c);
            }
            if (c == '\\') {
                i++;
                if (i >= value.length() || "\\,=".indexOf(value.charAt(i)) < 0) {
                    throw new SelectorException(
                            "invalid field selector: invalid escape sequence: " + value);
                }
                c = value.charAt(i);
            }
            out.append(c);
        }
        return out.toString();
    }
}
