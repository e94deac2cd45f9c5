package io.jarnetes.apiserver.server.authentication;

import tools.jackson.databind.node.ObjectNode;

/** Signs service-account tokens ({@code --service-account-signing-key-file}). */
public interface TokenIssuer {

    /**
     * A signed compact JWT.
     *
     * @param claims all claims but {@code iss}, which the issuer adds
     */
    String issue(ObjectNode claims);
}
