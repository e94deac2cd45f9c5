package io.jarnetes.apiserver.server.authentication;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Bearer tokens, which several kinds of token authenticator look at one after the other. */
public final class BearerAuthenticator implements Authenticator, TokenAuthenticator {

    private final List<TokenAuthenticator> parts;

    public BearerAuthenticator(List<TokenAuthenticator> parts) {
        this.parts = List.copyOf(parts);
    }

    @Override
    public Optional<Authentication> authenticate(AuthenticationRequest request)
            throws AuthenticationException {
        String token = request.bearerToken();
        if (token.isEmpty()) {
            return Optional.empty();
        }
        Optional<Authentication> found = authenticate(token, request.audiences());
        if (found.isEmpty()) {
            throw new AuthenticationException("invalid bearer token");
        }
        return found;
    }

    @Override
    public Optional<Authentication> authenticate(String token, List<String> audiences)
            throws AuthenticationException {
        List<String> complaints = new ArrayList<>();
        for (TokenAuthenticator part : parts) {
            try {
                Optional<Authentication> found = part.authenticate(token, audiences);
                if (found.isPresent()) {
                    return found;
                }
            } catch (AuthenticationException e) {
                complaints.add(String.valueOf(e.getMessage()));
            }
        }
        if (!complaints.isEmpty()) {
            throw new AuthenticationException(String.join(", ", complaints));
        }
        return Optional.empty();
    }
}
