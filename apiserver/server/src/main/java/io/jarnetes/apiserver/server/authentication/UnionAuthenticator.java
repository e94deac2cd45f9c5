package io.jarnetes.apiserver.server.authentication;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Several authenticators, one after the other; the first that knows the sender decides. What the
 * others complained of counts only if none does. A known sender is in {@code system:authenticated},
 * an unknown one anonymous where that is allowed.
 */
public final class UnionAuthenticator implements Authenticator {

    private final List<Authenticator> parts;
    private final boolean anonymous;

    public UnionAuthenticator(List<Authenticator> parts, boolean anonymous) {
        this.parts = List.copyOf(parts);
        this.anonymous = anonymous;
    }

    @Override
    public Optional<Authentication> authenticate(AuthenticationRequest request)
            throws AuthenticationException {
        List<String> complaints = new ArrayList<>();
        for (Authenticator part : parts) {
            try {
                Optional<Authentication> found = part.authenticate(request);
                if (found.isPresent()) {
                    return found.map(UnionAuthenticator::known);
                }
            } catch (AuthenticationException e) {
                complaints.add(String.valueOf(e.getMessage()));
            }
        }
        if (!complaints.isEmpty()) {
            throw new AuthenticationException("[" + String.join(", ", complaints) + "]");
        }
        return anonymous ? Optional.of(new Authentication(UserInfo.anonymous())) : Optional.empty();
    }

    private static Authentication known(Authentication found) {
        UserInfo user = found.user();
        if (user.name().equals(UserInfo.ANONYMOUS)
                || user.inGroup(UserInfo.GROUP_UNAUTHENTICATED)) {
            return found;
        }
        return new Authentication(user.withGroup(UserInfo.GROUP_AUTHENTICATED), found.audiences());
    }
}
