package io.jarnetes.apiserver.schema.codec;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Finds what Go's encoding/json would say about malformed JSON. It runs only after a parser refused
 * the text, so it need not be fast.
 */
final class GoSyntax {
    static final String END = "unexpected end of JSON input";

    private final String text;
    private int at;

    private GoSyntax(byte[] body) {
        this.text = new String(body, UTF_8);
    }

    static String message(byte[] body) {
        GoSyntax syntax = new GoSyntax(body);
        try {
            syntax.value("looking for beginning of value");
            syntax.space();
            return syntax.at < syntax.text.length()
                    ? syntax.invalid("after top-level value")
                    : "invalid JSON input";
        } catch (Found found) {
            return found.text;
        }
    }

    /** The first thing that is wrong; carries no stack. */
    private static final class Found extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final String text;

        Found(String text) {
            super(text, null, false, false);
            this.text = text;
        }
    }

    private String invalid(String where) {
        char c = text.charAt(at);
        String quoted =
                switch (c) {
                    case '\'' -> "'\\''";
                    case '"' -> "'\"'";
                    case '\n' -> "'\\n'";
                    case '\t' -> "'\\t'";
                    case '\r' -> "'\\r'";
                    default -> c < ' ' ? String.format("'\\x%02x'", (int) c) : "'" + c + "'";
                };
        return "invalid character " + quoted + " " + where;
    }

    private Found fail(String where) {
        return new Found(at >= text.length() ? END : invalid(where));
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private boolean next(char wanted) {
        if (at < text.length() && text.charAt(at) == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void value(String where) {
        space();
        if (next('{')) {
            members();
        } else if (next('[')) {
            elements();
        } else if (next('"')) {
            string();
        } else if (at < text.length() && "-0123456789".indexOf(text.charAt(at)) >= 0) {
            number();
        } else {
            literal(where);
        }
    }

    private void members() {
        space();
        if (next('}')) {
            return;
        }
        String where = "looking for beginning of object key string";
        while (true) {
            space();
            if (!next('"')) {
                throw fail(where);
            }
            string();
            space();
            if (!next(':')) {
                throw fail("after object key");
            }
            value("looking for beginning of value");
            space();
            if (next('}')) {
                return;
            }
            if (!next(',')) {
                throw fail("after object key:value pair");
            }
        }
    }

    private void elements() {
        space();
        if (next(']')) {
            return;
        }
        while (true) {
            value("looking for beginning of value");
            space();
            if (next(']')) {
                return;
            }
            if (!next(',')) {
                throw fail("after array element");
            }
        }
    }

    private void string() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return;
            }
            if (c < ' ') {
                throw fail("in string literal");
            }
            if (c == '\\') {
                at++;
                escape();
            }
            at++;
        }
        throw new Found(END);
    }

    private void escape() {
        if (at >= text.length() || "\"\\/bfnrtu".indexOf(text.charAt(at)) < 0) {
            throw fail("in string escape code");
        }
        if (text.charAt(at) == 'u') {
            for (int i = 0; i < 4; i++) {
                at++;
                if (at >= text.length() || Character.digit(text.charAt(at), 16) < 0) {
                    throw fail("in \\u hexadecimal character escape");
                }
            }
        }
    }

    private void number() {
        next('-');
        if (at >= text.length() || !Character.isDigit(text.charAt(at))) {
            throw fail("in numeric literal");
        }
        if (!next('0')) {
            digits();
        }
        if (next('.')) {
            if (at >= text.length() || !Character.isDigit(text.charAt(at))) {
                throw fail("after decimal point in numeric literal");
            }
            digits();
        }
        if (next('e') || next('E')) {
            if (!next('+')) {
                next('-');
            }
            if (at >= text.length() || !Character.isDigit(text.charAt(at))) {
                throw fail("in exponent of numeric literal");
            }
            digits();
        }
    }

    private void digits() {
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            at++;
        }
    }

    private void literal(String where) {
        for (String word : new String[] {"true", "false", "null"}) {
            if (at < text.length() && text.charAt(at) == word.charAt(0)) {
                for (int i = 0; i < word.length(); i++) {
                    if (!next(word.charAt(i))) {
                        throw fail("in literal " + word + " (expecting '" + word.charAt(i) + "')");
                    }
                }
                return;
            }
        }
        throw fail(where);
    }
}
