package io.jarnetes.apiserver.server.authentication;

import java.util.List;

/**
 * A request whose sender is known.
 *
 * @param audiences those of the asked audiences that the credential is meant for; empty where the
 *     credential has none
 */
public record Authentication(UserInfo user, List<String> audiences) {

    public Authentication {
        audiences = List.copyOf(audiences);
    }

    public Authentication(UserInfo user) {
        this(user, List.of());
    }
}
