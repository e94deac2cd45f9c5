package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import java.util.ArrayList;
import java.util.List;

/** Several authorizers, one after the other, until one has an opinion. */
public final class UnionAuthorizer implements Authorizer {

    private final List<Authorizer> parts;

    public UnionAuthorizer(List<Authorizer> parts) {
        this.parts = List.copyOf(parts);
    }

    @Override
    public Decision authorize(Attributes attributes) {
        List<String> reasons = new ArrayList<>();
        for (Authorizer part : parts) {
            Decision decision = part.authorize(attributes);
            if (decision.verdict() != Decision.Verdict.NO_OPINION) {
                return decision;
            }
            if (!decision.reason().isEmpty()) {
                reasons.add(decision.reason());
            }
        }
        return Decision.noOpinion(String.join("\n", reasons));
    }

    @Override
    public Rules rulesFor(UserInfo user, String namespace) {
        Rules rules = Rules.NONE;
        for (Authorizer part : parts) {
            rules = rules.and(part.rulesFor(user, namespace));
        }
        return rules;
    }
}
