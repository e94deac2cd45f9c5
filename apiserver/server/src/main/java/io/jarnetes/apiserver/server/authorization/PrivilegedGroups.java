package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.authentication.UserInfo;

/** {@code system:masters} may do everything, whatever the other authorizers say. */
public final class PrivilegedGroups implements Authorizer {

    @Override
    public Decision authorize(Attributes attributes) {
        return attributes.user().inGroup(UserInfo.GROUP_MASTERS)
                ? Decision.allow("")
                : Decision.noOpinion("");
    }

    @Override
    public Rules rulesFor(UserInfo user, String namespace) {
        return Rules.NONE;
    }
}
