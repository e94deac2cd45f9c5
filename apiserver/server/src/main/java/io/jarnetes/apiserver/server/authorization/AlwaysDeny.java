package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.authentication.UserInfo;

/** {@code --authorization-mode=AlwaysDeny}. */
public final class AlwaysDeny implements Authorizer {

    @Override
    public Decision authorize(Attributes attributes) {
        return Decision.noOpinion("Everything is forbidden.");
    }

    @Override
    public Rules rulesFor(UserInfo user, String namespace) {
        return Rules.NONE;
    }
}
