package io.jarnetes.etcd.storage.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/** Passwords as bcrypt hashes, {@code $2a$} as Go writes them. */
final class Passwords {
    private static final int MIN_COST = 4;
    private static final int MAX_COST = 31;
    private static final int DEFAULT_COST = 10;
    private static final int MAX_PASSWORD_BYTES = 72;

    private final int cost;

    Passwords(int cost) {
        this.cost = cost < MIN_COST || cost > MAX_COST ? DEFAULT_COST : cost;
    }

    int cost() {
        return cost;
    }

    /** Base64 of the hash. */
    String hash(String password) {
        return Base64.getEncoder().encodeToString(bcrypt(password));
    }

    private byte[] bcrypt(String password) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_PASSWORD_BYTES) {
            throw new IllegalArgumentException("bcrypt: password length exceeds 72 bytes");
        }
        return BCrypt.with(BCrypt.Version.VERSION_2A).hash(cost, bytes);
    }

    /**
     * What is stored: the hash that was replicated, or of a password that 3.4 and older replicated
     * in clear.
     *
     * @throws AuthException {@code NO_PASSWORD_USER} when it is no base64, as upstream
     */
    byte[] stored(String password, String hashedPassword) {
        if (!password.isEmpty() && hashedPassword.isEmpty()) {
            return bcrypt(password);
        }
        try {
            return Base64.getDecoder().decode(hashedPassword);
        } catch (IllegalArgumentException e) {
            throw new AuthException(AuthException.Code.NO_PASSWORD_USER);
        }
    }

    boolean matches(String password, byte[] hash) {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_PASSWORD_BYTES) {
            // Go compares what bcrypt can see.
            bytes = Arrays.copyOf(bytes, MAX_PASSWORD_BYTES);
        }
        return BCrypt.verifyer(
                        BCrypt.Version.VERSION_2A,
                        LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A))
                .verify(bytes, hash)
                .verified;
    }
}
