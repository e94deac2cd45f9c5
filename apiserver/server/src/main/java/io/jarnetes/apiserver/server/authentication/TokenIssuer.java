package io.jarnetes.apiserver.server.authentication;

import java.util.Map;

/** Signs service-account tokens ({@code --service-account-signing-key-file}). */
public interface TokenIssuer {

    /** The value of {@code iss}: the first {@code --service-account-issuer}. */
    String issuer();

    /**
     * A signed compact JWT.
     *
     * @param claims all claims but {@code iss}, which the issuer adds; values are strings, numbers,
     *     lists and maps
     */
    String issue(Map<String, Object> claims);
}
