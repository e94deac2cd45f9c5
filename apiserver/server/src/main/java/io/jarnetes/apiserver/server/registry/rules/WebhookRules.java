package io.jarnetes.apiserver.server.registry.rules;

import io.jarnetes.apiserver.server.registry.validation.NameRules;
import io.jarnetes.apiserver.server.registry.validation.SelectorRules;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Webhooks of admission: whom they are called for, where and how. */
final class WebhookRules {

    private static final String ANY = "*";
    private static final String FORM = "; desired format: https://host[/path]";
    private static final List<String> OPERATIONS =
            List.of(ANY, "CONNECT", "CREATE", "DELETE", "UPDATE");
    private static final List<String> SCOPES = List.of(ANY, "Cluster", "Namespaced");
    private static final List<String> NO_EFFECTS = List.of("None", "NoneOnDryRun");
    private static final List<String> REVIEWS = List.of("v1", "v1beta1");
    private static final int MAX_SECONDS = 30;

    private WebhookRules() {}

    /** A configuration of either kind. */
    static void validate(Field configuration) {
        Set<String> names = new HashSet<>();
        for (Field hook : configuration.at("webhooks").items()) {
            hook(hook);
            reviews(hook.at("admissionReviewVersions"));
            Field name = hook.at("name");
            if (!name.empty() && !names.add(name.text())) {
                name.duplicate();
            }
        }
    }

    private static void hook(Field hook) {
        qualified(hook.at("name"));
        hook.at("rules").items().forEach(WebhookRules::rule);
        hook.at("failurePolicy").supported(List.of("Fail", "Ignore"));
        hook.at("matchPolicy").supported(List.of("Equivalent", "Exact"));
        Field effects = hook.at("sideEffects");
        if (!effects.set()) {
            effects.required("must specify one of " + String.join(", ", NO_EFFECTS));
        }
        effects.supported(NO_EFFECTS);
        Field timeout = hook.at("timeoutSeconds");
        if (timeout.set() && (timeout.number() < 1 || timeout.number() > MAX_SECONDS)) {
            timeout.invalid("the timeout value must be between 1 and " + MAX_SECONDS + " seconds");
        }
        for (String selector : List.of("namespaceSelector", "objectSelector")) {
            if (hook.at(selector).set()) {
                SelectorRules.validate(
                        hook.at(selector).value(), hook.at(selector).path(), hook.errors());
            }
        }
        hook.at("reinvocationPolicy").supported(List.of("IfNeeded", "Never"));
        client(hook.at("clientConfig"));
    }

    /** A domain of three parts at least. */
    private static void qualified(Field name) {
        if (name.empty()) {
            name.required("");
            return;
        }
        List<String> complaints = NameRules.dns1123Subdomain(name.text());
        name.follows(text -> complaints);
        if (complaints.isEmpty() && name.text().split("\\.", -1).length < 3) {
            name.invalid("should be a domain with at least three segments separated by dots");
        }
    }

    private static void rule(Field rule) {
        Field operations = rule.at("operations");
        operations.needed();
        alone(operations, "operations");
        operations.items().forEach(each -> each.supported(OPERATIONS));
        rule.at("apiGroups").needed();
        alone(rule.at("apiGroups"), "API groups");
        rule.at("apiVersions").needed();
        alone(rule.at("apiVersions"), "API versions");
        rule.at("apiVersions").items().forEach(Field::needed);
        resources(rule.at("resources"));
        rule.at("scope").supported(SCOPES);
    }

    /** A star says all there is to say. */
    private static void alone(Field list, String what) {
        if (list.value().size() > 1 && texts(list).contains(ANY)) {
            list.invalid("if '*' is present, must not specify other " + what);
        }
    }

    private static List<String> texts(Field list) {
        return list.items().stream().map(Field::text).toList();
    }

    private static void resources(Field resources) {
        resources.needed();
        Set<String> allBelow = new HashSet<>();
        Set<String> ofAll = new HashSet<>();
        for (Field each : resources.items()) {
            each.needed();
            int slash = each.text().indexOf('/');
            if (slash < 0) {
                continue;
            }
            String resource = each.text().substring(0, slash);
            String sub = each.text().substring(slash + 1);
            String rest = " is present, must not specify " + each.text();
            if (allBelow.contains(resource)) {
                each.invalid("if '" + resource + "/*'" + rest);
            }
            if (ofAll.contains(sub)) {
                each.invalid("if '*/" + sub + "'" + rest);
            }
            if (sub.equals(ANY)) {
                allBelow.add(resource);
            }
            if (resource.equals(ANY)) {
                ofAll.add(sub);
            }
        }
        List<String> names = texts(resources);
        if (names.size() > 1 && names.contains("*/*")) {
            resources.invalid("if '*/*' is present, must not specify other resources");
        }
        // Upstream goes by the last one without a subresource.
        List<String> whole = new ArrayList<>(names);
        whole.removeIf(each -> each.isEmpty() || each.contains("/"));
        if (whole.contains(ANY) && !whole.getLast().equals(ANY)) {
            resources.invalid(
                    "if '*' is present, must not specify other resources without subresources");
        }
    }

    private static void client(Field client) {
        boolean url = client.at("url").set();
        if (url == client.at("service").set()) {
            client.required("exactly one of url or service is required");
        } else if (url) {
            url(client.at("url"));
        } else {
            service(client.at("service"));
        }
    }

    private static void url(Field url) {
        URI uri;
        try {
            uri = new URI(url.text());
        } catch (URISyntaxException e) {
            url.required("url must be a valid URL: " + e.getMessage() + FORM);
            return;
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        if (!scheme.equals("https")) {
            part(url, scheme, "'https' is the only allowed URL scheme" + FORM);
        }
        if (uri.getRawAuthority() == null || uri.getRawAuthority().isEmpty()) {
            part(url, "", "host must be specified" + FORM);
        }
        if (uri.getRawUserInfo() != null) {
            part(url, uri.getRawUserInfo(), "user information is not permitted in the URL");
        }
        if (uri.getRawFragment() != null) {
            part(url, uri.getRawFragment(), "fragments are not permitted in the URL");
        }
        if (uri.getRawQuery() != null) {
            part(url, uri.getRawQuery(), "query parameters are not permitted in the URL");
        }
    }

    private static void part(Field url, String part, String detail) {
        url.errors().invalid(url.path(), part, detail);
    }

    private static void service(Field service) {
        service.at("name").needed();
        service.at("namespace").needed();
        Field port = service.at("port");
        List<String> complaints = NameRules.portNumber(port.number());
        if (!complaints.isEmpty()) {
            port.errors()
                    .invalid(
                            port.path(),
                            port.number(),
                            "port is not valid: " + String.join(", ", complaints));
        }
        path(service.at("path"));
    }

    private static void path(Field path) {
        String text = path.text();
        if (text.isEmpty() || text.equals("/")) {
            return;
        }
        if (text.equals("//")) {
            path.invalid("segment[0] may not be empty");
            return;
        }
        if (!text.startsWith("/")) {
            path.invalid("must start with a '/'");
        }
        // Upstream takes the first character off, whatever it is.
        String below = text.substring(1);
        String bare = below.endsWith("/") ? below.substring(0, below.length() - 1) : below;
        List<String> segments = Arrays.asList(bare.split("/", -1));
        for (int i = 0; i < segments.size(); i++) {
            String at = "segment[" + i + "]";
            if (segments.get(i).isEmpty()) {
                path.invalid(at + " may not be empty");
                continue;
            }
            NameRules.dns1123Subdomain(segments.get(i))
                    .forEach(complaint -> path.invalid(at + ": " + complaint));
        }
    }

    private static void reviews(Field versions) {
        if (versions.empty()) {
            versions.required("must specify one of " + String.join(", ", REVIEWS));
            return;
        }
        Set<String> seen = new HashSet<>();
        for (Field version : versions.items()) {
            if (!seen.add(version.text())) {
                version.invalid("duplicate version");
            } else {
                version.follows(NameRules::dns1035Label);
            }
        }
        if (seen.stream().noneMatch(REVIEWS::contains)) {
            versions.invalid("must include at least one of " + String.join(", ", REVIEWS));
        }
    }
}
