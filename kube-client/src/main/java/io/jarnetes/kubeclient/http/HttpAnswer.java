package io.jarnetes.kubeclient.http;

/**
 * A whole answer.
 *
 * @param code of HTTP
 */
public record HttpAnswer(int code, byte[] body) {

    /** Whether the code is one of 2xx. */
    public boolean successful() {
        return code / 100 == 2;
    }
}
