package io.jarnetes.apiserver.server.authorization;

import java.util.ArrayList;
import java.util.List;

/**
 * What a user may do in a namespace: {@code SubjectRulesReviewStatus}.
 *
 * @param incomplete an authorizer can't list its rules, so there may be more
 * @param evaluationError why, or an empty text
 */
public record Rules(
        List<ResourceRule> resourceRules,
        List<NonResourceRule> nonResourceRules,
        boolean incomplete,
        String evaluationError) {

    public static final Rules NONE = new Rules(List.of(), List.of(), false, "");

    /** Verbs on resources. */
    public record ResourceRule(
            List<String> verbs,
            List<String> apiGroups,
            List<String> resources,
            List<String> resourceNames) {}

    /** Verbs on paths. */
    public record NonResourceRule(List<String> verbs, List<String> nonResourceURLs) {}

    public Rules {
        resourceRules = List.copyOf(resourceRules);
        nonResourceRules = List.copyOf(nonResourceRules);
    }

    /** The rules of this and then of another authorizer. */
    public Rules and(Rules other) {
        List<ResourceRule> resources = new ArrayList<>(resourceRules);
        resources.addAll(other.resourceRules);
        List<NonResourceRule> paths = new ArrayList<>(nonResourceRules);
        paths.addAll(other.nonResourceRules);
        String error =
                evaluationError.isEmpty() || other.evaluationError.isEmpty()
                        ? evaluationError + other.evaluationError
                        : "[" + evaluationError + ", " + other.evaluationError + "]";
        return new Rules(resources, paths, incomplete || other.incomplete, error);
    }
}
