package io.jarnetes.apiserver.server.authentication;

import java.util.List;
import java.util.Optional;

/** Finds out who a bearer token belongs to. */
public interface TokenAuthenticator {

    /**
     * @param audiences what the token must be meant for; empty for the apiserver's own
     * @return empty if the token isn't of the kind that this authenticator knows
     * @throws AuthenticationException if it is, and isn't good
     */
    Optional<Authentication> authenticate(String token, List<String> audiences)
            throws AuthenticationException;
}
