package io.jarnetes.kubeclient.http;

import java.io.InputStream;

/**
 * The head of an answer, and its body as it comes. Closing the body ends the request.
 *
 * @param code of HTTP
 */
public record HttpStream(int code, InputStream body) {

    /** Whether the code is one of 2xx. */
    public boolean successful() {
        return code / 100 == 2;
    }
}
