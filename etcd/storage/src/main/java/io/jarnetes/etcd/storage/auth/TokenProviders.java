package io.jarnetes.etcd.storage.auth;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** The token providers that {@code --auth-token} can name. */
public final class TokenProviders {
    private TokenProviders() {}

    /**
     * The provider that a value of {@code --auth-token} asks for: {@code simple}, or {@code
     * jwt,pub-key=…,priv-key=…,sign-method=…,ttl=…}.
     *
     * @param simpleTtlSeconds how long an unused simple token lives
     * @param random where simple tokens come from; a secure one in programs
     * @param epochMillis a clock like {@link System#currentTimeMillis}
     * @throws AuthException {@code INVALID_AUTH_OPTS} and what else the options have wrong
     */
    public static TokenProvider parse(
            String option,
            long simpleTtlSeconds,
            RandomGenerator random,
            LongSupplier epochMillis) {
        throw new UnsupportedOperationException();
    }
}
