package io.jarnetes.etcd.storage.auth;

import io.jarnetes.etcd.storage.backend.Backend;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Users, roles and whether authentication is on. Changes come from the apply thread; checks from
 * any. All methods throw {@link AuthException} for what they refuse.
 */
public final class AuthStore {
    /**
     * A user as it is shown.
     *
     * @param name its name
     * @param roles its roles, sorted
     * @param noPassword whether it can only come by certificate
     */
    public record User(String name, List<String> roles, boolean noPassword) {}

    /** Reads what {@code backend} holds. */
    public static AuthStore open(Backend backend, TokenProvider tokens, int bcryptCost) {
        throw new UnsupportedOperationException();
    }

    /** Turns authentication on; needs the user root with the role root. */
    public void authEnable() {
        throw new UnsupportedOperationException();
    }

    /** Turns it off. */
    public void authDisable() {
        throw new UnsupportedOperationException();
    }

    /** Whether it is on. */
    public boolean isAuthEnabled() {
        throw new UnsupportedOperationException();
    }

    /** The auth revision; from 1. */
    public long revision() {
        throw new UnsupportedOperationException();
    }

    /** What --bcrypt-cost says. */
    public int bcryptCost() {
        throw new UnsupportedOperationException();
    }

    /** A password as it is replicated and stored: base64 of its bcrypt hash. Slow by design. */
    public String hashPassword(String password) {
        throw new UnsupportedOperationException();
    }

    /**
     * Checks a password, slow by design; never on the apply thread.
     *
     * @return the auth revision that the password was read at
     */
    public long checkPassword(String username, String password) {
        throw new UnsupportedOperationException();
    }

    /** The half of a login's token that the proposer makes. */
    public String tokenPrefix() {
        throw new UnsupportedOperationException();
    }

    /** Completes a login at apply; the password was checked before. Returns the token. */
    public String authenticate(String username, String tokenPrefix, long applyIndex) {
        throw new UnsupportedOperationException();
    }

    /**
     * Who a token stands for; {@code INVALID_AUTH_TOKEN} when nobody. A leading {@code "Bearer "}
     * is taken off.
     */
    public AuthInfo authInfoFromToken(String token) {
        throw new UnsupportedOperationException();
    }

    /**
     * Adds a user.
     *
     * @param password as 3.4 and older replicated it; empty otherwise
     * @param hashedPassword see {@link #hashPassword}; empty for a user without password
     */
    public void userAdd(String name, String password, String hashedPassword, boolean noPassword) {
        throw new UnsupportedOperationException();
    }

    /** Deletes a user. */
    public void userDelete(String name) {
        throw new UnsupportedOperationException();
    }

    /** Changes a password. */
    public void userChangePassword(String name, String password, String hashedPassword) {
        throw new UnsupportedOperationException();
    }

    /** Grants a role to a user; nothing when it has it. */
    public void userGrantRole(String user, String role) {
        throw new UnsupportedOperationException();
    }

    /** Takes a role off a user. */
    public void userRevokeRole(String user, String role) {
        throw new UnsupportedOperationException();
    }

    /** One user. */
    public User userGet(String name) {
        throw new UnsupportedOperationException();
    }

    /** The names of all users, sorted. */
    public List<String> userList() {
        throw new UnsupportedOperationException();
    }

    /** Adds a role. */
    public void roleAdd(String name) {
        throw new UnsupportedOperationException();
    }

    /** Deletes a role, and takes it off all users. */
    public void roleDelete(String name) {
        throw new UnsupportedOperationException();
    }

    /** What a role may do. */
    public List<Permission> roleGet(String name) {
        throw new UnsupportedOperationException();
    }

    /** The names of all roles, sorted. */
    public List<String> roleList() {
        throw new UnsupportedOperationException();
    }

    /** Lets a role do more; null is refused as not given. */
    public void roleGrantPermission(String name, @Nullable Permission permission) {
        throw new UnsupportedOperationException();
    }

    /** Takes off a role what was granted for exactly this range. */
    public void roleRevokePermission(String name, byte[] key, byte[] rangeEnd) {
        throw new UnsupportedOperationException();
    }

    /** Throws unless auth is off or the user may write the key. */
    public void checkPut(AuthInfo info, byte[] key) {
        throw new UnsupportedOperationException();
    }

    /** Throws unless auth is off or the user may read the range. */
    public void checkRange(AuthInfo info, byte[] key, byte[] rangeEnd) {
        throw new UnsupportedOperationException();
    }

    /** Throws unless auth is off or the user may delete the range. */
    public void checkDeleteRange(AuthInfo info, byte[] key, byte[] rangeEnd) {
        throw new UnsupportedOperationException();
    }

    /** Throws unless auth is off or the user has the role root. */
    public void checkAdmin(AuthInfo info) {
        throw new UnsupportedOperationException();
    }

    /** Whether a user has a role. */
    public boolean hasRole(String user, String role) {
        throw new UnsupportedOperationException();
    }

    /** Replaces everything by what {@code backend} holds, after a snapshot from the leader. */
    public void restore(Backend backend) {
        throw new UnsupportedOperationException();
    }
}
