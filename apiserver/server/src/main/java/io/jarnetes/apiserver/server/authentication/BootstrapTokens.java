package io.jarnetes.apiserver.server.authentication;

import io.jarnetes.apiserver.server.admission.Listers;
import io.jarnetes.apiserver.server.tree.Trees;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tokens by which new nodes join ({@code --enable-bootstrap-token-auth}): {@code id.secret}, kept
 * in Secret {@code kube-system/bootstrap-token-ID}.
 */
public final class BootstrapTokens implements TokenAuthenticator {

    private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
    private static final Pattern EXTRA_GROUP =
            Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");
    private static final String TYPE = "bootstrap.kubernetes.io/token";
    private static final String GROUP = "system:bootstrappers";

    private final Listers listers;
    private final Clock clock;

    public BootstrapTokens(Listers listers, Clock clock) {
        this.listers = listers;
        this.clock = clock;
    }

    @Override
    public Optional<Authentication> authenticate(String token, List<String> audiences) {
        Matcher parts = TOKEN.matcher(token);
        if (!parts.matches()) {
            return Optional.empty();
        }
        String id = parts.group(1);
        return listers.get("", "secrets", "kube-system", "bootstrap-token-" + id)
                .filter(secret -> good(secret, id, parts.group(2)))
                .map(secret -> new Authentication(user(secret, id)));
    }

    private boolean good(ObjectNode secret, String id, String word) {
        boolean same =
                MessageDigest.isEqual(
                        data(secret, "token-secret").getBytes(StandardCharsets.UTF_8),
                        word.getBytes(StandardCharsets.UTF_8));
        return same
                && Trees.text(secret, "type").equals(TYPE)
                && Trees.text(secret, "metadata", "deletionTimestamp").isEmpty()
                && data(secret, "token-id").equals(id)
                && data(secret, "usage-bootstrap-authentication").equals("true")
                && !expired(data(secret, "expiration"));
    }

    private boolean expired(String time) {
        try {
            return !time.isEmpty() && Instant.parse(time).isBefore(clock.instant());
        } catch (DateTimeException e) {
            // A time that can't be read ends the token, as upstream decides.
            return true;
        }
    }

    private static UserInfo user(ObjectNode secret, String id) {
        List<String> groups = new ArrayList<>(List.of(GROUP));
        for (String group : data(secret, "auth-extra-groups").split(",")) {
            if (EXTRA_GROUP.matcher(group).matches()) {
                groups.add(group);
            }
        }
        return new UserInfo("system:bootstrap:" + id, "", groups, Map.of());
    }

    private static String data(ObjectNode secret, String key) {
        byte[] value = Base64.getDecoder().decode(Trees.text(secret, "data", key));
        return new String(value, StandardCharsets.UTF_8);
    }
}
