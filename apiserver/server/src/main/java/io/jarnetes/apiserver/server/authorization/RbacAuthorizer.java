package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import java.util.ArrayList;
import java.util.List;

/** {@code --authorization-mode=RBAC}: what no rule allows is not allowed. */
public final class RbacAuthorizer implements Authorizer {

    private final RbacPolicy policy;

    public RbacAuthorizer(RbacPolicy policy) {
        this.policy = policy;
    }

    @Override
    public Decision authorize(Attributes attributes) {
        Search search = new Search(attributes);
        policy.visit(attributes.user(), attributes.namespace(), search);
        if (!search.allowedBy.isEmpty()) {
            return Decision.allow("RBAC: allowed by " + search.allowedBy);
        }
        return Decision.noOpinion(
                search.errors.isEmpty() ? "" : "RBAC: " + aggregate(search.errors));
    }

    private static final class Search implements RbacPolicy.Visitor {

        private final Attributes asked;
        private final List<String> errors = new ArrayList<>();
        private String allowedBy = "";

        Search(Attributes asked) {
            this.asked = asked;
        }

        @Override
        public boolean rule(Binding binding, Binding.Subject subject, PolicyRule rule) {
            if (rule.allows(asked)) {
                allowedBy = binding.describe(subject);
                return false;
            }
            return true;
        }

        @Override
        public void error(String message) {
            errors.add(message);
        }
    }

    static String aggregate(List<String> errors) {
        List<String> distinct = errors.stream().distinct().toList();
        return distinct.size() == 1 ? distinct.getFirst() : "[" + String.join(", ", distinct) + "]";
    }

    @Override
    public Rules rulesFor(UserInfo user, String namespace) {
        List<Rules.ResourceRule> resources = new ArrayList<>();
        List<Rules.NonResourceRule> paths = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        policy.visit(
                user,
                namespace,
                new RbacPolicy.Visitor() {
                    @Override
                    public boolean rule(Binding binding, Binding.Subject subject, PolicyRule rule) {
                        if (!rule.resources().isEmpty()) {
                            resources.add(
                                    new Rules.ResourceRule(
                                            rule.verbs(),
                                            rule.apiGroups(),
                                            rule.resources(),
                                            rule.resourceNames()));
                        }
                        if (!rule.nonResourceUrls().isEmpty()) {
                            paths.add(
                                    new Rules.NonResourceRule(
                                            rule.verbs(), rule.nonResourceUrls()));
                        }
                        return true;
                    }

                    @Override
                    public void error(String message) {
                        errors.add(message);
                    }
                });
        return new Rules(resources, paths, false, errors.isEmpty() ? "" : aggregate(errors));
    }
}
