package io.jarnetes.apiserver.server.authentication;

import io.jarnetes.apiserver.server.registry.AdmissionHook;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.Registry;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Store;
import io.jarnetes.apiserver.server.tree.Trees;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code authentication.k8s.io}: SelfSubjectReview and TokenReview, which are only answered. */
public final class ReviewStores {

    private static final String GROUP = "authentication.k8s.io";

    private ReviewStores() {}

    /**
     * @param tokens what tokens are looked at by
     * @param audiences {@code --api-audiences}
     */
    public static void register(
            Registry registry,
            TokenAuthenticator tokens,
            List<String> audiences,
            Clock clock,
            UnaryOperator<Store> noted) {
        GroupResource self = new GroupResource(GROUP, "selfsubjectreviews");
        registry.register(self, "", new SelfSubjectReviews(self, clock));
        GroupResource review = new GroupResource(GROUP, "tokenreviews");
        registry.register(review, "", noted.apply(new TokenReviews(review, tokens, audiences)));
    }

    /** A user as {@code UserInfo} of the API. */
    public static ObjectNode userInfo(UserInfo user) {
        ObjectNode tree = Trees.object();
        if (!user.name().isEmpty()) {
            tree.put("username", user.name());
        }
        if (!user.uid().isEmpty()) {
            tree.put("uid", user.uid());
        }
        if (!user.groups().isEmpty()) {
            user.groups().forEach(tree.putArray("groups")::add);
        }
        if (!user.extra().isEmpty()) {
            ObjectNode extra = tree.putObject("extra");
            new TreeMap<>(user.extra())
                    .forEach((key, values) -> {
                        ArrayNode array = extra.putArray(key);
                        values.forEach(array::add);
                    });
        }
        return tree;
    }

    private record SelfSubjectReviews(GroupResource resource, Clock clock) implements Store {

        @Override
        public ObjectNode create(
                RequestContext context, String name, ObjectNode review, AdmissionHook admission) {
            admission.validate(review, null);
            Trees.child(review, "metadata")
                    .put(
                            "creationTimestamp",
                            clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
            review.putObject("status").set("userInfo", userInfo(context.user()));
            return review;
        }
    }

    private record TokenReviews(GroupResource resource, TokenAuthenticator tokens, List<String> own)
            implements Store {

        @Override
        public ObjectNode create(
                RequestContext context, String name, ObjectNode review, AdmissionHook admission) {
            String token = Trees.text(review, "spec", "token");
            if (token.isEmpty()) {
                throw ApiException.badRequest(
                        "token is required for TokenReview in authentication");
            }
            admission.validate(review, null);
            List<String> asked = Trees.texts(review, "spec", "audiences");
            ObjectNode status = Trees.object();
            try {
                Optional<Authentication> found =
                        tokens.authenticate(token, asked.isEmpty() ? own : asked);
                if (found.isPresent()) {
                    status.put("authenticated", true);
                    status.set(
                            "user",
                            userInfo(found.get().user().withGroup(UserInfo.GROUP_AUTHENTICATED)));
                    if (!found.get().audiences().isEmpty()) {
                        found.get().audiences().forEach(status.putArray("audiences")::add);
                    }
                } else {
                    status.putObject("user");
                    status.put("error", "invalid bearer token");
                }
            } catch (AuthenticationException e) {
                status.putObject("user");
                status.put("error", "[invalid bearer token, " + e.getMessage() + "]");
            }
            review.set("status", status);
            return review;
        }
    }
}
