package io.jarnetes.apiserver.server.authentication;

import java.util.List;
import java.util.Optional;

/**
 * Tokens that name no audience are good for the server's own ones, and for no others.
 *
 * @param own the server's audiences
 */
public record AudienceAgnostic(TokenAuthenticator tokens, List<String> own)
        implements TokenAuthenticator {

    public AudienceAgnostic {
        own = List.copyOf(own);
    }

    @Override
    public Optional<Authentication> authenticate(String token, List<String> audiences)
            throws AuthenticationException {
        if (audiences.isEmpty()) {
            return tokens.authenticate(token, audiences);
        }
        List<String> common = audiences.stream().filter(own::contains).toList();
        return common.isEmpty()
                ? Optional.empty()
                : tokens.authenticate(token, audiences)
                        .map(found -> new Authentication(found.user(), common));
    }
}
