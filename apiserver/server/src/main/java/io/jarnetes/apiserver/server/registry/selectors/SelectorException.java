package io.jarnetes.apiserver.server.registry.selectors;

/** A selector that cannot be understood; the message is upstream's, for a 400. */
public final class SelectorException extends Exception {

    private static final long serialVersionUID = 1;

    public SelectorException(String message) {
        super(message);
    }
}
