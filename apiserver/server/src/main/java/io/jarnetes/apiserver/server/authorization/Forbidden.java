package io.jarnetes.apiserver.server.authorization;

import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.ApiStatus;
import io.jarnetes.apiserver.server.registry.GroupResource;
import io.jarnetes.apiserver.server.registry.Quote;
import io.jarnetes.apiserver.server.registry.StatusDetails;
import java.util.List;

/** What a client reads that may not do what it asked for, to upstream's letter. */
public final class Forbidden {

    private Forbidden() {}

    /**
     * {@code pods is forbidden: User "x" cannot list resource "pods" in API group "" in the
     * namespace "y"}.
     *
     * @param reason an authorizer's words, or an empty text
     */
    public static ApiException exception(Attributes attributes, String reason) {
        String why = escape(sentence(attributes));
        if (!reason.isEmpty()) {
            why += ": " + reason;
        }
        GroupResource resource = new GroupResource(attributes.apiGroup(), attributes.resource());
        String name = attributes.name();
        String what;
        if (attributes.apiGroup().isEmpty() && attributes.resource().isEmpty()) {
            what = "forbidden";
        } else if (name.isEmpty()) {
            what = resource + " is forbidden";
        } else {
            what = resource + " " + Quote.go(name) + " is forbidden";
        }
        StatusDetails details =
                new StatusDetails(
                        name, attributes.apiGroup(), attributes.resource(), "", List.of(), 0);
        return new ApiException(new ApiStatus(403, "Forbidden", what + ": " + why, details));
    }

    private static String sentence(Attributes attributes) {
        String who = "User " + Quote.go(attributes.user().name()) + " cannot " + attributes.verb();
        if (!attributes.resourceRequest()) {
            return who + " path " + Quote.go(attributes.path());
        }
        String what =
                " resource "
                        + Quote.go(attributes.combinedResource())
                        + " in API group "
                        + Quote.go(attributes.apiGroup());
        String where =
                attributes.namespace().isEmpty()
                        ? " at the cluster scope"
                        : " in the namespace " + Quote.go(attributes.namespace());
        return who + what + where;
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
