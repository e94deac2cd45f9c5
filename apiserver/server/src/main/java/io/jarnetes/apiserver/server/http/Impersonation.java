package io.jarnetes.apiserver.server.http;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.authorization.Attributes;
import io.jarnetes.apiserver.server.authorization.Authorizer;
import io.jarnetes.apiserver.server.authorization.Decision;
import io.jarnetes.apiserver.server.authorization.Forbidden;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.Quote;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Acting as somebody else by {@code Impersonate-*} headers: first by the constrained modes of
 * KEP-5284 ({@code impersonate-on:user-info:list} on what is asked for, and {@code
 * impersonate:user-info} on the user), then by the old one ({@code impersonate}); but first of all
 * by the one that let the requestor pass the last time. When none allows it, the client reads the
 * first refusal.
 */
final class Impersonation {

    private static final String USER = "Impersonate-User";
    private static final String UID = "Impersonate-Uid";
    private static final String GROUP = "Impersonate-Group";
    private static final String EXTRA_PREFIX = "impersonate-extra-";
    private static final String NODE_PREFIX = "system:node:";
    private static final String ACCOUNT_PREFIX = "system:serviceaccount:";
    private static final String AUTHENTICATION = "authentication.k8s.io";

    private static final int KEPT_REQUESTORS = 1024;

    private final Authorizer authorizer;
    private final Map<UserInfo, Mode> passed =
            Collections.synchronizedMap(
                    new LinkedHashMap<>(16, 0.75f, true) {
                        private static final long serialVersionUID = 1;

                        @Override
                        protected boolean removeEldestEntry(Map.Entry<UserInfo, Mode> eldest) {
                            return size() > KEPT_REQUESTORS;
                        }
                    });

    Impersonation(Authorizer authorizer) {
        this.authorizer = authorizer;
    }

    /**
     * The user that counts from here on.
     *
     * @param attributes what the real user asks for
     * @throws ApiException when the headers make no sense or it may not
     */
    UserInfo apply(HttpHeaders headers, Attributes attributes) {
        UserInfo wanted = wanted(headers);
        if (wanted == null) {
            return attributes.user();
        }
        ApiException first = null;
        for (Mode mode : modes(wanted, attributes.user())) {
            try {
                if (mode != Mode.LEGACY) {
                    require(attributes, "impersonate-on:" + mode.name + ":" + attributes.verb());
                }
                UserInfo user = check(mode, wanted, attributes.user());
                passed.put(attributes.user(), mode);
                return user;
            } catch (ApiException refused) {
                first = first == null ? refused : first;
            }
        }
        throw Objects.requireNonNull(first);
    }

    private List<Mode> modes(UserInfo wanted, UserInfo requestor) {
        Mode constrained = constrained(wanted);
        boolean bare =
                wanted.groups().isEmpty() && wanted.uid().isEmpty() && wanted.extra().isEmpty();
        if (constrained != Mode.USER_INFO && !bare) {
            // Nodes and accounts are what their names say, or nothing that a mode knows.
            return List.of(Mode.LEGACY);
        }
        return passed.get(requestor) == Mode.LEGACY
                ? List.of(Mode.LEGACY, constrained)
                : List.of(constrained, Mode.LEGACY);
    }

    private enum Mode {
        NODE("arbitrary-node", "impersonate:arbitrary-node", AUTHENTICATION),
        ACCOUNT("serviceaccount", "impersonate:serviceaccount", AUTHENTICATION),
        USER_INFO("user-info", "impersonate:user-info", AUTHENTICATION),
        LEGACY("", "impersonate", "");

        private final String name;
        private final String verb;
        private final String group;

        Mode(String name, String verb, String group) {
            this.name = name;
            this.verb = verb;
            this.group = group;
        }
    }

    private static Mode constrained(UserInfo wanted) {
        if (wanted.name().startsWith(NODE_PREFIX)) {
            return Mode.NODE;
        }
        return account(wanted.name()) == null ? Mode.USER_INFO : Mode.ACCOUNT;
    }

    private static @Nullable UserInfo wanted(HttpHeaders headers) {
        String name = text(headers.get(USER));
        String uid = text(headers.get(UID));
        List<String> groups = headers.getAll(GROUP);
        Map<String, List<String>> extra = extra(headers);
        if (!name.isEmpty()) {
            return new UserInfo(name, uid, groups, extra);
        }
        if (uid.isEmpty() && groups.isEmpty() && extra.isEmpty()) {
            return null;
        }
        throw ApiException.badRequest(
                "requested &user.DefaultInfo{Name:\"\", UID:"
                        + Quote.go(uid)
                        + ", Groups:"
                        + goStrings(groups)
                        + ", Extra:"
                        + goMap(extra)
                        + "} without impersonating a user name");
    }

    private static Map<String, List<String>> extra(HttpHeaders headers) {
        Map<String, List<String>> extra = new TreeMap<>();
        for (String name : headers.names()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(EXTRA_PREFIX)) {
                String key = unescape(lower.substring(EXTRA_PREFIX.length()));
                extra.put(key, headers.getAll(name));
            }
        }
        return extra;
    }

    private static String unescape(String key) {
        try {
            return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return key;
        }
    }

    private static String goStrings(List<String> texts) {
        if (texts.isEmpty()) {
            return "[]string(nil)";
        }
        return "[]string{"
                + String.join(", ", texts.stream().map(text -> Quote.go(text)).toList())
                + "}";
    }

    private static String goMap(Map<String, List<String>> map) {
        if (map.isEmpty()) {
            return "map[string][]string(nil)";
        }
        List<String> pairs = new ArrayList<>();
        map.forEach((key, values) -> pairs.add(Quote.go(key) + ":" + goStrings(values)));
        return "map[string][]string{" + String.join(", ", pairs) + "}";
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    private UserInfo check(Mode mode, UserInfo wanted, UserInfo requestor) {
        List<String> groups = wanted.groups();
        String[] account = account(wanted.name());
        Attributes user = attributes(mode, mode.group, requestor, "users", "", "", wanted.name());
        if (mode == Mode.NODE) {
            String node = wanted.name().substring(NODE_PREFIX.length());
            user = attributes(mode, mode.group, requestor, "nodes", "", "", node);
            groups = List.of(UserInfo.GROUP_NODES);
        }
        if (account != null) {
            user =
                    attributes(
                            mode,
                            mode.group,
                            requestor,
                            "serviceaccounts",
                            "",
                            account[0],
                            account[1]);
            if (groups.isEmpty()) {
                groups =
                        List.of(
                                UserInfo.GROUP_SERVICE_ACCOUNTS,
                                UserInfo.GROUP_SERVICE_ACCOUNTS + ":" + account[0]);
            }
        }
        require(user, user.verb());
        rest(mode, wanted, requestor);
        UserInfo actual = new UserInfo(wanted.name(), wanted.uid(), groups, wanted.extra());
        if (actual.name().equals(UserInfo.ANONYMOUS)) {
            return actual.withGroup(UserInfo.GROUP_UNAUTHENTICATED);
        }
        return actual.inGroup(UserInfo.GROUP_UNAUTHENTICATED)
                ? actual
                : actual.withGroup(UserInfo.GROUP_AUTHENTICATED);
    }

    private void rest(Mode mode, UserInfo wanted, UserInfo requestor) {
        if (!wanted.uid().isEmpty()) {
            require(
                    attributes(mode, AUTHENTICATION, requestor, "uids", "", "", wanted.uid()),
                    mode.verb);
        }
        for (String group : wanted.groups()) {
            Attributes asked = attributes(mode, mode.group, requestor, "groups", "", "", group);
            if (mode != Mode.LEGACY && group.equals(UserInfo.GROUP_MASTERS)) {
                throw Forbidden.exception(
                        asked, "impersonating the system:masters group is not allowed");
            }
            require(asked, mode.verb);
        }
        wanted.extra()
                .forEach((key, values) -> {
                    for (String value : values) {
                        require(
                                attributes(
                                        mode,
                                        AUTHENTICATION,
                                        requestor,
                                        "userextras",
                                        key,
                                        "",
                                        value),
                                mode.verb);
                    }
                });
    }

    private static Attributes attributes(
            Mode mode,
            String group,
            UserInfo requestor,
            String resource,
            String subresource,
            String namespace,
            String name) {
        return Attributes.resource(
                requestor, mode.verb, group, "v1", resource, subresource, namespace, name);
    }

    private void require(Attributes attributes, String verb) {
        Attributes asked = attributes.withVerb(verb);
        Decision decision = authorizer.authorize(asked);
        if (!decision.allowed()) {
            throw Forbidden.exception(asked, decision.reason());
        }
    }

    /** Namespace and name of a service account's user name, or null. */
    private static String @Nullable [] account(String name) {
        if (!name.startsWith(ACCOUNT_PREFIX)) {
            return null;
        }
        String[] parts = name.substring(ACCOUNT_PREFIX.length()).split(":", -1);
        boolean good = parts.length == 2 && !parts[0].isEmpty() && !parts[1].isEmpty();
        return good ? parts : null;
    }
}
