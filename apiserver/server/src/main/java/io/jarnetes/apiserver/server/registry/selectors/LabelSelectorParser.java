package io.jarnetes.apiserver.server.registry.selectors;

import io.jarnetes.apiserver.server.registry.Quote;
import io.jarnetes.apiserver.server.registry.selectors.LabelRequirement.Operator;
import io.jarnetes.apiserver.server.registry.validation.NameRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of label selectors ({@code k8s.io/apimachinery/pkg/labels}): requirements between
 * commas, each {@code key}, {@code !key}, {@code key OP value} or {@code key in|notin (a,b)}.
 */
final class LabelSelectorParser {

    private static final String OPERATORS = "in, notin, =, ==, !=, gt, lt";
    private static final String SYMBOLS = "=!(),<>";

    private final List<String> tokens;
    private int at;

    LabelSelectorParser(String text) {
        this.tokens = tokens(text);
    }

    LabelSelector parse() throws SelectorException {
        List<LabelRequirement> requirements = new ArrayList<>();
        while (true) {
            String next = peek();
            if (next.isEmpty()) {
                return new LabelSelector(requirements);
            }
            if (!isWord(next) && !next.equals("!")) {
                throw new SelectorException(
                        "found '" + next + "', expected: !, identifier, or 'end of string'");
            }
            requirements.add(wrapped());
            String end = take();
            if (end.isEmpty()) {
                return new LabelSelector(requirements);
            }
            if (!end.equals(",")) {
                throw new SelectorException(
                        "found '" + end + "', expected: ',' or 'end of string'");
            }
            if (!isWord(peek()) && !peek().equals("!")) {
                throw new SelectorException(
                        "found '" + peek() + "', expected: identifier after ','");
            }
        }
    }

    private LabelRequirement wrapped() throws SelectorException {
        try {
            return requirement();
        } catch (SelectorException e) {
            throw new SelectorException("unable to parse requirement: " + e.getMessage());
        }
    }

    private LabelRequirement requirement() throws SelectorException {
        boolean absent = peek().equals("!");
        if (absent) {
            take();
        }
        String key = take();
        if (!isWord(key)) {
            throw new SelectorException("found '" + key + "', expected: identifier");
        }
        checkKey(key);
        boolean alone = peek().isEmpty() || peek().equals(",");
        if (absent || alone) {
            Operator operator = absent ? Operator.DOES_NOT_EXIST : Operator.EXISTS;
            return new LabelRequirement(key, operator, Set.of());
        }
        Operator operator = operator(take());
        Set<String> values =
                operator == Operator.IN || operator == Operator.NOT_IN ? list() : single();
        checkValues(key, operator, values);
        return new LabelRequirement(key, operator, values);
    }

    private static Operator operator(String token) throws SelectorException {
        return switch (token) {
            case "in" -> Operator.IN;
            case "notin" -> Operator.NOT_IN;
            case "=", "==" -> Operator.EQUALS;
            case "!=" -> Operator.NOT_EQUALS;
            case ">" -> Operator.GREATER_THAN;
            case "<" -> Operator.LESS_THAN;
            default -> throw new SelectorException("found '" + token + "', expected: " + OPERATORS);
        };
    }

    private Set<String> single() throws SelectorException {
        if (peek().isEmpty() || peek().equals(",")) {
            return Set.of("");
        }
        String value = take();
        if (!isWord(value)) {
            throw new SelectorException("found '" + value + "', expected: identifier");
        }
        return Set.of(value);
    }

    /** {@code (a,b)}; nothing between two commas stands for the empty value. */
    private Set<String> list() throws SelectorException {
        String open = take();
        if (!open.equals("(")) {
            throw new SelectorException("found '" + open + "' expected: '('");
        }
        Set<String> values = new TreeSet<>();
        String pending = "";
        while (true) {
            String token = take();
            if (token.equals(")")) {
                values.add(pending);
                return values;
            }
            if (token.equals(",")) {
                values.add(pending);
                pending = "";
            } else if (isWord(token) && pending.isEmpty()) {
                pending = token;
            } else {
                throw new SelectorException(
                        "found '"
                                + token
                                + (pending.isEmpty()
                                        ? "', expected: ',', or identifier"
                                        : "', expected: ',' or ')'"));
            }
        }
    }

    private static void checkKey(String key) throws SelectorException {
        List<String> errors = NameRules.qualifiedName(key);
        if (!errors.isEmpty()) {
            throw new SelectorException(
                    "<nil>: Invalid value: " + Quote.go(key) + ": " + String.join("; ", errors));
        }
    }

    private static void checkValues(String key, Operator operator, Set<String> values)
            throws SelectorException {
        boolean number = operator == Operator.GREATER_THAN || operator == Operator.LESS_THAN;
        int i = 0;
        for (String value : values) {
            if (number && !value.matches("[-+]?[0-9]+")) {
                throw new SelectorException(
                        "values["
                                + i
                                + "]: Invalid value: "
                                + Quote.go(value)
                                + ": for 'Gt', 'Lt' operators, the value must be an integer");
            }
            List<String> errors = NameRules.labelValue(value);
            if (!errors.isEmpty()) {
                throw new SelectorException(
                        "values["
                                + i
                                + "]["
                                + key
                                + "]: Invalid value: "
                                + Quote.go(value)
                                + ": "
                                + String.join("; ", errors));
            }
            i++;
        }
    }

    private String peek() {
        return at < tokens.size() ? tokens.get(at) : "";
    }

    private String take() {
        String token = peek();
        at++;
        return token;
    }

    private static boolean isWord(@Nullable String token) {
        return token != null && !token.isEmpty() && SYMBOLS.indexOf(token.charAt(0)) < 0;
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (Character.isWhitespace(c)) {
                i++;
            } else if (c == '=' || c == '!') {
                int end = i + 1 < text.length() && text.charAt(i + 1) == '=' ? i + 2 : i + 1;
                tokens.add(text.substring(i, end));
                i = end;
            } else if (SYMBOLS.indexOf(c) >= 0) {
                tokens.add(String.valueOf(c));
                i++;
            } else {
                int end = i;
                while (end < text.length()
                        && SYMBOLS.indexOf(text.charAt(end)) < 0
                        && !Character.isWhitespace(text.charAt(end))) {
                    end++;
                }
                tokens.add(text.substring(i, end));
                i = end;
            }
        }
        return tokens;
    }
}
