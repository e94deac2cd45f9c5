package io.jarnetes.apiserver.schema.codec;

/** A body that is no object of the wanted type; the message is upstream's, for a 400 BadRequest. */
public final class DecodeException extends Exception {
    private static final long serialVersionUID = 1L;

    public DecodeException(String message) {
        super(message);
    }
}
