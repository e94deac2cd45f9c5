package io.jarnetes.etcd.storage.auth;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of 16 random letters and the index of the login's entry; every member remembers them, each
 * on its own clock, until they are not used for a while.
 */
final class SimpleTokens implements TokenProvider {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final int PREFIX_LENGTH = 16;

    private record Login(String username, long expiresMillis) {}

    private final long ttlMillis;
    private final RandomGenerator random;
    private final LongSupplier epochMillis;
    private final Map<String, Login> logins = new HashMap<>();
    private boolean enabled;

    SimpleTokens(long ttlMillis, RandomGenerator random, LongSupplier epochMillis) {
        this.ttlMillis = ttlMillis;
        this.random = random;
        this.epochMillis = epochMillis;
    }

    @Override
    public synchronized void enable() {
        enabled = true;
    }

    @Override
    public synchronized void disable() {
        enabled = false;
        logins.clear();
    }

    @Override
    public synchronized String tokenPrefix() {
        StringBuilder prefix = new StringBuilder(PREFIX_LENGTH);
        for (int i = 0; i < PREFIX_LENGTH; i++) {
            prefix.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return prefix.toString();
    }

    @Override
    public synchronized String assign(
            String prefix, long applyIndex, String username, long authRevision) {
        String token = prefix + "." + Long.toUnsignedString(applyIndex);
        if (enabled) {
            long now = epochMillis.getAsLong();
            logins.values().removeIf(login -> login.expiresMillis() < now);
            logins.put(token, new Login(username, now + ttlMillis));
        }
        return token;
    }

    @Override
    public synchronized @Nullable AuthInfo info(String token, long authRevision) {
        Login login = logins.get(token);
        long now = epochMillis.getAsLong();
        if (login == null || login.expiresMillis() < now) {
            logins.remove(token);
            return null;
        }
        logins.put(token, new Login(login.username(), now + ttlMillis));
        return new AuthInfo(login.username(), authRevision);
    }

    @Override
    public long requiredIndex(String token) {
        int dot = token.indexOf('.');
        try {
            return dot < 0 ? 0 : Long.parseUnsignedLong(token.substring(dot + 1));
        } catch (NumberFormatException e) {
            // No token of ours: info will not know it.
            return 0;
        }
    }

    @Override
    public synchronized void invalidateUser(String username) {
        logins.values().removeIf(login -> login.username().equals(username));
    }
}
