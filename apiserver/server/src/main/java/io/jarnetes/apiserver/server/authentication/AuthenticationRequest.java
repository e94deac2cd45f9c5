package io.jarnetes.apiserver.server.authentication;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;

/**
 * What authenticators see of a request.
 *
 * @param headers all values of a header, by its name in any case; an empty list for none
 * @param headerNames the names of the headers that came, in lower case
 * @param clientCertificates the chain that the client showed in the handshake, leaf first, not yet
 *     verified; empty without one
 * @param audiences audiences that a token must be meant for; empty for those of the apiserver
 */
public record AuthenticationRequest(
        Function<String, List<String>> headers,
        List<String> headerNames,
        List<X509Certificate> clientCertificates,
        List<String> audiences) {

    public AuthenticationRequest {
        headerNames = List.copyOf(headerNames);
        clientCertificates = List.copyOf(clientCertificates);
        audiences = List.copyOf(audiences);
    }

    /** The first value of a header, or an empty text. */
    public String header(String name) {
        List<String> values = headers.apply(name);
        return values.isEmpty() ? "" : values.getFirst();
    }

    /** The bearer token of the Authorization header, or an empty text. */
    public String bearerToken() {
        String value = header("authorization").strip();
        int space = value.indexOf(' ');
        if (space < 0 || !value.substring(0, space).equalsIgnoreCase("bearer")) {
            return "";
        }
        // Go splits at each blank: what stands between two of them is nothing.
        return value.substring(space + 1).split(" ", 2)[0];
    }
}
