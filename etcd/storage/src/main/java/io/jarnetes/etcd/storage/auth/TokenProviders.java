package io.jarnetes.etcd.storage.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The token providers that {@code --auth-token} can name. */
public final class TokenProviders {
    private static final Pattern GO_DURATION_PART =
            Pattern.compile("\\G(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|s|m|h)");
    private static final long DEFAULT_JWT_TTL_MILLIS = TimeUnit.MINUTES.toMillis(5);
    private static final long DEFAULT_SIMPLE_TTL_SECONDS = 300;

    private TokenProviders() {}

    /**
     * The provider that a value of {@code --auth-token} asks for: {@code simple}, or {@code
     * jwt,pub-key=…,priv-key=…,sign-method=…,ttl=…}; nothing at all for no tokens.
     *
     * @param simpleTtlSeconds how long an unused simple token lives; 0 or less for 300
     * @param random where simple tokens come from; a secure one in programs
     * @param epochMillis a clock like {@link System#currentTimeMillis}
     * @throws AuthException {@code INVALID_AUTH_OPTS} and what else the options have wrong
     */
    public static TokenProvider parse(
            String option,
            long simpleTtlSeconds,
            RandomGenerator random,
            LongSupplier epochMillis) {
        String[] parts = option.split(",", -1);
        Map<String, String> options = options(parts);
        return switch (parts[0]) {
            case "simple" -> {
                long ttl = simpleTtlSeconds <= 0 ? DEFAULT_SIMPLE_TTL_SECONDS : simpleTtlSeconds;
                yield new SimpleTokens(TimeUnit.SECONDS.toMillis(ttl), random, epochMillis);
            }
            case "jwt" -> jwt(options, epochMillis);
            case "" -> new NoTokens();
            default -> throw new AuthException(AuthException.Code.INVALID_AUTH_OPTS);
        };
    }

    private static Map<String, String> options(String[] parts) {
        Map<String, String> options = new HashMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].split("=", -1);
            if (pair.length != 2 || options.put(pair[0], pair[1]) != null) {
                throw new AuthException(AuthException.Code.INVALID_AUTH_OPTS);
            }
        }
        return options;
    }

    private static TokenProvider jwt(Map<String, String> options, LongSupplier epochMillis) {
        String ttl = options.getOrDefault("ttl", "");
        byte[] publicKey;
        byte[] privateKey;
        try {
            publicKey = file(options.get("pub-key"));
            privateKey = file(options.get("priv-key"));
        } catch (IOException e) {
            throw new AuthException(AuthException.Code.INVALID_AUTH_OPTS);
        }
        JwtKeys keys;
        try {
            keys = JwtKeys.of(options.getOrDefault("sign-method", ""), privateKey, publicKey);
        } catch (AuthException e) {
            // Upstream answers any fault of the method with the general error.
            throw e.code() == AuthException.Code.INVALID_AUTH_METHOD
                    ? new AuthException(AuthException.Code.INVALID_AUTH_OPTS)
                    : e;
        }
        return new JwtTokens(
                keys, ttl.isEmpty() ? DEFAULT_JWT_TTL_MILLIS : millis(ttl), epochMillis);
    }

    private static byte @Nullable [] file(@Nullable String name) throws IOException {
        return name == null || name.isEmpty() ? null : Files.readAllBytes(Path.of(name));
    }

    /** A duration as Go writes it: 10m, 1h30m, 1.5s. */
    private static long millis(String text) {
        Matcher matcher = GO_DURATION_PART.matcher(text);
        double nanos = 0;
        int end = 0;
        while (matcher.find()) {
            nanos += Double.parseDouble(matcher.group(1)) * unit(matcher.group(2)).toNanos();
            end = matcher.end();
        }
        if (end == 0 || end != text.length()) {
            throw new AuthException(AuthException.Code.INVALID_AUTH_OPTS);
        }
        return (long) (nanos / TimeUnit.MILLISECONDS.toNanos(1));
    }

    private static Duration unit(String name) {
        return switch (name) {
            case "ns" -> Duration.ofNanos(1);
            case "us", "µs" -> Duration.ofNanos(1000);
            case "ms" -> Duration.ofMillis(1);
            case "s" -> Duration.ofSeconds(1);
            case "m" -> Duration.ofMinutes(1);
            default -> Duration.ofHours(1);
        };
    }
}
