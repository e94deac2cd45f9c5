package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.registry.AdmissionHook;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.Registry;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.apiserver.server.tree.Trees;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code authorization.k8s.io}: the four reviews, which are only answered. */
public final class ReviewStores {

    private static final String GROUP = "authorization.k8s.io";

    private ReviewStores() {}

    public static void register(
            Registry registry, Authorizer authorizer, UnaryOperator<Store> noted) {
        for (Access access : Access.values()) {
            GroupResource resource = new GroupResource(GROUP, access.plural);
            registry.register(
                    resource, "", noted.apply(new AccessReviews(resource, access, authorizer)));
        }
        GroupResource rules = new GroupResource(GROUP, "selfsubjectrulesreviews");
        registry.register(rules, "", new RulesReviews(rules, authorizer));
    }

    private enum Access {
        ANY("subjectaccessreviews", "SubjectAccessReview"),
        LOCAL("localsubjectaccessreviews", "LocalSubjectAccessReview"),
        SELF("selfsubjectaccessreviews", "SelfSubjectAccessReview");

        private final String plural;
        private final String kind;

        Access(String plural, String kind) {
            this.plural = plural;
            this.kind = kind;
        }
    }

    private record AccessReviews(GroupResource resource, Access access, Authorizer authorizer)
            implements Store {

        @Override
        public ObjectNode create(
                RequestContext context, String name, ObjectNode review, AdmissionHook admission) {
            validate(context, review);
            admission.validate(review, null);
            JsonNode spec = review.path("spec");
            UserInfo user = access == Access.SELF ? context.user() : user(spec);
            Decision decision = authorizer.authorize(attributes(user, spec));
            ObjectNode status = review.putObject("status");
            status.put("allowed", decision.allowed());
            if (decision.verdict() == Decision.Verdict.DENY) {
                status.put("denied", true);
            }
            if (!decision.reason().isEmpty()) {
                status.put("reason", decision.reason());
            }
            return review;
        }

        private void validate(RequestContext context, ObjectNode review) {
            JsonNode resources = Trees.at(review, "spec", "resourceAttributes");
            JsonNode paths = Trees.at(review, "spec", "nonResourceAttributes");
            List<FieldError> errors = new ArrayList<>();
            if (resources != null && paths != null) {
                errors.add(
                        FieldError.invalid(
                                "spec.nonResourceAttributes",
                                internal(paths),
                                "cannot be specified in combination with resourceAttributes"));
            }
            if (resources == null && paths == null) {
                errors.add(
                        FieldError.invalid(
                                "spec.resourceAttributes",
                                null,
                                "exactly one of nonResourceAttributes or resourceAttributes must"
                                        + " be specified"));
            }
            boolean nobody =
                    Trees.text(review, "spec", "user").isEmpty()
                            && Trees.texts(review, "spec", "groups").isEmpty();
            if (access != Access.SELF && nobody) {
                errors.add(
                        FieldError.invalid(
                                "spec.user",
                                "",
                                "at least one of user or group must be specified"));
            }
            validateSelector(resources, "fieldSelector", errors);
            validateSelector(resources, "labelSelector", errors);
            if (access == Access.LOCAL) {
                validateLocal(context, resources, paths, errors);
            } else if (errors.isEmpty() && named(review)) {
                errors.add(
                        FieldError.invalid("metadata", review.path("metadata"), "must be empty"));
            }
            if (!errors.isEmpty()) {
                // Upstream passes no kind here.
                throw ApiException.invalid(GROUP, "", "", errors);
            }
        }

        private static boolean named(ObjectNode review) {
            return review.path("metadata")
                    .propertyStream()
                    .anyMatch(each -> !each.getKey().equals("managedFields"));
        }

        /** As upstream's internal type prints. */
        private static ObjectNode internal(JsonNode paths) {
            return Trees.object()
                    .put("Path", Trees.text(paths, "path"))
                    .put("Verb", Trees.text(paths, "verb"));
        }

        private static void validateSelector(
                @Nullable JsonNode resources, String name, List<FieldError> errors) {
            JsonNode selector = Trees.at(resources, name);
            String raw = Trees.text(selector, "rawSelector");
            boolean required = selector != null && !selector.path("requirements").isEmpty();
            if (!raw.isEmpty() && required) {
                errors.add(
                        FieldError.invalid(
                                "spec.resourceAttributes." + name + ".rawSelector",
                                raw,
                                "may not specified at the same time as requirements"));
            }
        }

        private static void validateLocal(
                RequestContext context,
                @Nullable JsonNode resources,
                @Nullable JsonNode paths,
                List<FieldError> errors) {
            if (paths != null) {
                errors.add(
                        FieldError.invalid(
                                "spec.nonResourceAttributes",
                                internal(paths),
                                "disallowed on this kind of request"));
                return;
            }
            String namespace = Trees.text(resources, "namespace");
            if (!namespace.equals(context.namespace())) {
                errors.add(
                        FieldError.invalid(
                                "spec.resourceAttributes.namespace",
                                namespace,
                                "must match metadata.namespace"));
            }
        }

        private static UserInfo user(JsonNode spec) {
            Map<String, List<String>> extra = new LinkedHashMap<>();
            spec.path("extra")
                    .properties()
                    .forEach(entry ->
                            extra.put(
                                    entry.getKey().toLowerCase(Locale.ROOT),
                                    Trees.texts(entry.getValue())));
            return new UserInfo(
                    Trees.text(spec, "user"),
                    Trees.text(spec, "uid"),
                    Trees.texts(spec, "groups"),
                    extra);
        }
    }

    private static Attributes attributes(UserInfo user, JsonNode spec) {
        JsonNode paths = Trees.at(spec, "nonResourceAttributes");
        if (paths != null) {
            return Attributes.path(user, Trees.text(paths, "verb"), Trees.text(paths, "path"));
        }
        JsonNode asked = spec.path("resourceAttributes");
        return Attributes.resource(
                user,
                Trees.text(asked, "verb"),
                Trees.text(asked, "group"),
                Trees.text(asked, "version"),
                Trees.text(asked, "resource"),
                Trees.text(asked, "subresource"),
                Trees.text(asked, "namespace"),
                Trees.text(asked, "name"));
    }

    private record RulesReviews(GroupResource resource, Authorizer authorizer) implements Store {

        @Override
        public ObjectNode create(
                RequestContext context, String name, ObjectNode review, AdmissionHook admission) {
            String namespace = Trees.text(review, "spec", "namespace");
            if (namespace.isEmpty()) {
                throw ApiException.badRequest("no namespace on request");
            }
            admission.validate(review, null);
            Rules rules = authorizer.rulesFor(context.user(), namespace);
            // Upstream answers with a review of its own, whose metadata and spec are empty.
            ObjectNode answer = Trees.object();
            answer.set("kind", review.path("kind"));
            answer.set("apiVersion", review.path("apiVersion"));
            answer.putObject("metadata");
            answer.putObject("spec");
            ObjectNode status = answer.putObject("status");
            ArrayNode resources = status.putArray("resourceRules");
            for (Rules.ResourceRule rule : rules.resourceRules()) {
                ObjectNode node = resources.addObject();
                put(node, "verbs", rule.verbs(), true);
                put(node, "apiGroups", rule.apiGroups(), false);
                put(node, "resources", rule.resources(), false);
                put(node, "resourceNames", rule.resourceNames(), false);
            }
            ArrayNode paths = status.putArray("nonResourceRules");
            for (Rules.NonResourceRule rule : rules.nonResourceRules()) {
                ObjectNode node = paths.addObject();
                put(node, "verbs", rule.verbs(), true);
                put(node, "nonResourceURLs", rule.nonResourceURLs(), false);
            }
            status.put("incomplete", rules.incomplete());
            if (!rules.evaluationError().isEmpty()) {
                status.put("evaluationError", rules.evaluationError());
            }
            return answer;
        }

        private static void put(
                ObjectNode node, String field, List<String> values, boolean always) {
            if (always || !values.isEmpty()) {
                values.forEach(node.putArray(field)::add);
            }
        }
    }
}
