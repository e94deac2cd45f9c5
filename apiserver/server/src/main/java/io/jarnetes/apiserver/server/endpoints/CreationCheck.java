package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.server.authorization.Attributes;
import io.jarnetes.apiserver.server.authorization.Authorizer;
import io.jarnetes.apiserver.server.authorization.Decision;
import io.jarnetes.apiserver.server.authorization.Forbidden;

/** A PUT or an apply that comes to nothing that exists creates it, and needs the right to. */
final class CreationCheck {

    private final Authorizer authorizer;

    CreationCheck(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    void check(Call call) {
        RequestInfo info = call.info();
        Attributes asked =
                new Attributes(
                        call.request().user(),
                        "create",
                        info.namespace(),
                        info.apiGroup(),
                        info.apiVersion(),
                        info.resource(),
                        info.subresource(),
                        info.name(),
                        true,
                        info.path(),
                        "");
        Decision decision = authorizer.authorize(asked);
        if (!decision.allowed()) {
            throw Forbidden.exception(asked, decision.reason());
        }
    }
}
