package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import java.util.List;

/** {@code --authorization-mode=AlwaysAllow}. */
public final class AlwaysAllow implements Authorizer {

    private static final List<String> ALL = List.of("*");

    @Override
    public Decision authorize(Attributes attributes) {
        return Decision.allow("");
    }

    @Override
    public Rules rulesFor(UserInfo user, String namespace) {
        return new Rules(
                List.of(new Rules.ResourceRule(ALL, ALL, ALL, List.of())),
                List.of(new Rules.NonResourceRule(ALL, ALL)),
                false,
                "");
    }
}
