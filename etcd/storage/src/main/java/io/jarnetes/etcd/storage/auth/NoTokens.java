package io.jarnetes.etcd.storage.auth;

import org.jspecify.annotations.Nullable;

/** No password logins: users come by certificate alone. */
final class NoTokens implements TokenProvider {
    @Override
    public void enable() {}

    @Override
    public void disable() {}

    @Override
    public String tokenPrefix() {
        return "";
    }

    @Override
    public String assign(String prefix, long applyIndex, String username, long authRevision) {
        throw new AuthException(AuthException.Code.AUTH_FAILED);
    }

    @Override
    public @Nullable AuthInfo info(String token, long authRevision) {
        return null;
    }

    @Override
    public long requiredIndex(String token) {
        return 0;
    }

    @Override
    public void invalidateUser(String username) {}
}
