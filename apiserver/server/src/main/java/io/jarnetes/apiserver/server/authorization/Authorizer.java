package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.authentication.UserInfo;

/** Decides who may do what. */
public interface Authorizer {

    /** Never blocks on the network; answers from caches. */
    Decision authorize(Attributes attributes);

    /**
     * All that the user may do in a namespace, for SelfSubjectRulesReview.
     *
     * @param namespace not empty
     */
    Rules rulesFor(UserInfo user, String namespace);
}
