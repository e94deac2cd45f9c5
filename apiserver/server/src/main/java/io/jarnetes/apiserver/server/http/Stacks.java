package io.jarnetes.apiserver.server.http;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A failure's stack as text, for the log. */
final class Stacks {

    private Stacks() {}

    static String text(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }
}
