package io.jarnetes.apiserver.server.authentication;

import java.util.Optional;

/** Finds out who sent a request. */
public interface Authenticator {

    /**
     * @return the sender, or empty if the request holds no credentials of the kind that this
     *     authenticator knows
     * @throws AuthenticationException if it holds such credentials and they are not good
     */
    Optional<Authentication> authenticate(AuthenticationRequest request)
            throws AuthenticationException;
}
