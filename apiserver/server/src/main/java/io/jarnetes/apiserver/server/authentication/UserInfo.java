package io.jarnetes.apiserver.server.authentication;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Who asks: what upstream calls {@code user.Info}.
 *
 * @param name {@code system:serviceaccount:NS:NAME}, {@code system:node:NAME}, or a name of the
 *     authenticator's own
 * @param uid empty where the authenticator knows none
 * @param groups in the authenticator's order
 * @param extra further facts by key, keys in lower case
 */
public record UserInfo(
        String name, String uid, List<String> groups, Map<String, List<String>> extra) {

    /** Requests without credentials. */
    public static final String ANONYMOUS = "system:anonymous";

    /** The apiserver's own requests to itself. */
    public static final String APISERVER = "system:apiserver";

    public static final String GROUP_MASTERS = "system:masters";
    public static final String GROUP_AUTHENTICATED = "system:authenticated";
    public static final String GROUP_UNAUTHENTICATED = "system:unauthenticated";
    public static final String GROUP_NODES = "system:nodes";
    public static final String GROUP_SERVICE_ACCOUNTS = "system:serviceaccounts";

    private static final String NODE_PREFIX = "system:node:";
    private static final String SERVICE_ACCOUNT_PREFIX = "system:serviceaccount:";

    public UserInfo {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    public UserInfo(String name, List<String> groups) {
        this(name, "", groups, Map.of());
    }

    /** The apiserver itself, as its loopback client acts. */
    public static UserInfo loopback() {
        return new UserInfo(APISERVER, List.of(GROUP_AUTHENTICATED, GROUP_MASTERS));
    }

    public static UserInfo anonymous() {
        return new UserInfo(ANONYMOUS, List.of(GROUP_UNAUTHENTICATED));
    }

    public boolean inGroup(String group) {
        return groups.contains(group);
    }

    /** The node's name if this is a node's user in {@code system:nodes}, otherwise empty. */
    public String nodeName() {
        boolean node = name.startsWith(NODE_PREFIX) && inGroup(GROUP_NODES);
        return node ? name.substring(NODE_PREFIX.length()) : "";
    }

    /** The user name of a service account. */
    public static String serviceAccountName(String namespace, String name) {
        return SERVICE_ACCOUNT_PREFIX + namespace + ':' + name;
    }

    public boolean isServiceAccount() {
        return name.startsWith(SERVICE_ACCOUNT_PREFIX);
    }

    /** The same user in one more group, unless it is in it already. */
    public UserInfo withGroup(String group) {
        if (inGroup(group)) {
            return this;
        }
        List<String> more = new ArrayList<>(groups);
        more.add(group);
        return new UserInfo(name, uid, more, extra);
    }
}
