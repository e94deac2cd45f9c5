package io.jarnetes.etcd.storage.auth;

import static io.jarnetes.etcd.storage.auth.AuthException.Code;

import io.jarnetes.etcd.storage.backend.Backend;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Users, roles and whether authentication is on. Changes come from the apply thread; checks from
 * any. All methods throw {@link AuthException} for what they refuse.
 */
public final class AuthStore {
    private static final String BEARER = "Bearer ";
    private static final Permission ROOT_PERMISSION =
            new Permission(Permission.Type.READWRITE, new byte[0], new byte[] {0});

    /**
     * A user as it is shown.
     *
     * @param name its name
     * @param roles its roles, sorted
     * @param noPassword whether it can only come by certificate
     */
    public record User(String name, List<String> roles, boolean noPassword) {}

    private final TokenProvider tokens;
    private final Passwords passwords;
    private final boolean rootRoleIsAll;
    private AuthBucket bucket;
    private volatile AuthState state;

    private AuthStore(
            Backend backend, TokenProvider tokens, int bcryptCost, boolean rootRoleIsAll) {
        this.rootRoleIsAll = rootRoleIsAll;
        this.tokens = tokens;
        this.passwords = new Passwords(bcryptCost);
        this.bucket = new AuthBucket(backend);
        this.state = load();
        if (state.revision() == 0) {
            bucket.saveRevision(1);
            state = load();
        }
    }

    /** Reads what {@code backend} holds, to behave as 3.6. */
    public static AuthStore open(Backend backend, TokenProvider tokens, int bcryptCost) {
        return open(backend, tokens, bcryptCost, true);
    }

    /**
     * Reads what {@code backend} holds.
     *
     * @param bcryptCost one that bcrypt does not know becomes its default
     * @param rootRoleIsAll whether the role root is shown with what it may do, everything, as 3.6
     *     does; 3.5 shows what was granted to it, mostly nothing
     */
    public static AuthStore open(
            Backend backend, TokenProvider tokens, int bcryptCost, boolean rootRoleIsAll) {
        return new AuthStore(backend, tokens, bcryptCost, rootRoleIsAll);
    }

    /** Replaces everything by what {@code backend} holds, after a snapshot from the leader. */
    public void restore(Backend backend) {
        bucket = new AuthBucket(backend);
        state = load();
    }

    private AuthState load() {
        boolean enabled = bucket.enabled();
        if (enabled) {
            tokens.enable();
        }
        return AuthState.of(enabled, bucket.revision(), bucket.users(), bucket.roles());
    }

    /** Turns authentication on; needs the user root with the role root. */
    public void authEnable() {
        AuthState now = state;
        if (now.enabled()) {
            return;
        }
        var root = now.user(AuthState.ROOT);
        if (root == null) {
            throw new AuthException(Code.ROOT_USER_NOT_EXIST);
        }
        if (!root.isRoot()) {
            throw new AuthException(Code.ROOT_ROLE_NOT_EXIST);
        }
        bucket.saveEnabled(true);
        tokens.enable();
        state = now.withEnabled(true);
    }

    /** Turns it off. */
    public void authDisable() {
        AuthState now = state;
        if (!now.enabled()) {
            return;
        }
        bucket.saveEnabled(false);
        commit(now.withEnabled(false), now.users(), now.roles());
        tokens.disable();
    }

    /** Raises the revision and shows the change. */
    private void commit(
            AuthState now,
            NavigableMap<String, StoredUser> users,
            NavigableMap<String, StoredRole> roles) {
        long revision = now.revision() + 1;
        bucket.saveRevision(revision);
        state = AuthState.of(now.enabled(), revision, users, roles);
    }

    /** Whether it is on. */
    public boolean isAuthEnabled() {
        return state.enabled();
    }

    /** The auth revision; from 1. */
    public long revision() {
        return state.revision();
    }

    /** What --bcrypt-cost says. */
    public int bcryptCost() {
        return passwords.cost();
    }

    /** A password as it is replicated and stored: base64 of its bcrypt hash. Slow by design. */
    public String hashPassword(String password) {
        return passwords.hash(password);
    }

    /**
     * Checks a password, slow by design; never on the apply thread.
     *
     * @return the auth revision that the password was read at
     */
    public long checkPassword(String username, String password) {
        AuthState now = state;
        if (!now.enabled()) {
            throw new AuthException(Code.AUTH_NOT_ENABLED);
        }
        var user = now.user(username);
        if (user == null) {
            throw new AuthException(Code.AUTH_FAILED);
        }
        if (user.noPassword()) {
            throw new AuthException(Code.NO_PASSWORD_USER);
        }
        if (!passwords.matches(password, user.passwordHash())) {
            throw new AuthException(Code.AUTH_FAILED);
        }
        return now.revision();
    }

    /** The half of a login's token that the proposer makes. */
    public String tokenPrefix() {
        return tokens.tokenPrefix();
    }

    /** Completes a login at apply; the password was checked before. Returns the token. */
    public String authenticate(String username, String tokenPrefix, long applyIndex) {
        AuthState now = state;
        if (!now.enabled()) {
            throw new AuthException(Code.AUTH_NOT_ENABLED);
        }
        var user = now.user(username);
        if (user == null || user.noPassword()) {
            throw new AuthException(Code.AUTH_FAILED);
        }
        return tokens.assign(tokenPrefix, applyIndex, username, now.revision());
    }

    /**
     * The index that must be applied before {@link #authInfoFromToken} can know a token: simple
     * tokens name it, and a client may come with one before this member has it. 0 for none.
     */
    public long tokenIndex(String token) {
        return tokens.requiredIndex(bare(token));
    }

    private static String bare(String token) {
        return token.startsWith(BEARER) ? token.substring(BEARER.length()) : token;
    }

    /**
     * Who a token stands for; {@code INVALID_AUTH_TOKEN} when nobody. A leading {@code "Bearer "}
     * is taken off.
     */
    public AuthInfo authInfoFromToken(String token) {
        AuthInfo info = tokens.info(bare(token), state.revision());
        if (info == null) {
            throw new AuthException(Code.INVALID_AUTH_TOKEN);
        }
        return info;
    }

    /**
     * Adds a user.
     *
     * @param password as 3.4 and older replicated it; empty otherwise
     * @param hashedPassword see {@link #hashPassword}; empty for a user without password
     */
    public void userAdd(String name, String password, String hashedPassword, boolean noPassword) {
        if (name.isEmpty()) {
            throw new AuthException(Code.USER_EMPTY);
        }
        if (state.user(name) != null) {
            throw new AuthException(Code.USER_ALREADY_EXIST);
        }
        byte[] stored = noPassword ? new byte[0] : passwords.stored(password, hashedPassword);
        put(new StoredUser(name, stored, List.of(), true, noPassword));
    }

    private void put(StoredUser user) {
        AuthState now = state;
        bucket.save(user);
        NavigableMap<String, StoredUser> users = copy(now.users());
        users.put(user.name(), user);
        commit(now, users, now.roles());
    }

    private static <V> NavigableMap<String, V> copy(NavigableMap<String, V> map) {
        NavigableMap<String, V> copy = new TreeMap<>(AuthBucket.BY_BYTES);
        copy.putAll(map);
        return copy;
    }

    /** Deletes a user. */
    public void userDelete(String name) {
        AuthState now = state;
        if (now.enabled() && name.equals(AuthState.ROOT)) {
            throw new AuthException(Code.INVALID_AUTH_MGMT);
        }
        now.requireUser(name);
        bucket.deleteUser(name);
        NavigableMap<String, StoredUser> users = copy(now.users());
        users.remove(name);
        commit(now, users, now.roles());
        tokens.invalidateUser(name);
    }

    /** Changes a password. */
    public void userChangePassword(String name, String password, String hashedPassword) {
        var user = state.requireUser(name);
        byte[] stored =
                user.noPassword() ? new byte[0] : passwords.stored(password, hashedPassword);
        put(user.withPassword(stored));
        tokens.invalidateUser(name);
    }

    /** Grants a role to a user; nothing when it has it. */
    public void userGrantRole(String name, String role) {
        var user = state.requireUser(name);
        if (!role.equals(AuthState.ROOT)) {
            state.requireRole(role);
        }
        if (user.roles().contains(role)) {
            return;
        }
        put(user.withRole(role));
    }

    /** Takes a role off a user. */
    public void userRevokeRole(String name, String role) {
        if (state.enabled() && name.equals(AuthState.ROOT) && role.equals(AuthState.ROOT)) {
            throw new AuthException(Code.INVALID_AUTH_MGMT);
        }
        var user = state.requireUser(name);
        if (!user.roles().contains(role)) {
            throw new AuthException(Code.ROLE_NOT_GRANTED);
        }
        put(user.withoutRole(role));
    }

    /** One user. */
    public User userGet(String name) {
        var user = state.requireUser(name);
        return new User(name, user.roles(), user.noPassword());
    }

    /** The names of all users, sorted. */
    public List<String> userList() {
        return List.copyOf(state.users().keySet());
    }

    /** Adds a role. */
    public void roleAdd(String name) {
        if (name.isEmpty()) {
            throw new AuthException(Code.ROLE_EMPTY);
        }
        if (state.roles().containsKey(name)) {
            throw new AuthException(Code.ROLE_ALREADY_EXIST);
        }
        put(new StoredRole(name, List.of()));
    }

    private void put(StoredRole role) {
        AuthState now = state;
        bucket.save(role);
        NavigableMap<String, StoredRole> roles = copy(now.roles());
        roles.put(role.name(), role);
        commit(now, now.users(), roles);
    }

    /** Deletes a role, and takes it off all users. */
    public void roleDelete(String name) {
        AuthState now = state;
        if (now.enabled() && name.equals(AuthState.ROOT)) {
            throw new AuthException(Code.INVALID_AUTH_MGMT);
        }
        now.requireRole(name);
        bucket.deleteRole(name);
        NavigableMap<String, StoredRole> roles = copy(now.roles());
        roles.remove(name);
        NavigableMap<String, StoredUser> users = copy(now.users());
        users.replaceAll((user, stored) -> {
            if (!stored.roles().contains(name)) {
                return stored;
            }
            var less = stored.withoutRole(name);
            bucket.save(less);
            return less;
        });
        commit(now, users, roles);
    }

    /** What a role may do. */
    public List<Permission> roleGet(String name) {
        StoredRole role = state.requireRole(name);
        return rootRoleIsAll && name.equals(AuthState.ROOT)
                ? List.of(ROOT_PERMISSION)
                : role.permissions();
    }

    /** The names of all roles, sorted. */
    public List<String> roleList() {
        return List.copyOf(state.roles().keySet());
    }

    /** Lets a role do more; null is refused as not given. */
    public void roleGrantPermission(String name, @Nullable Permission permission) {
        if (permission == null) {
            throw new AuthException(Code.PERMISSION_NOT_GIVEN);
        }
        if (!Permissions.valid(permission)) {
            throw new AuthException(Code.INVALID_AUTH_MGMT);
        }
        changePermissions(name, permissions -> Permissions.grant(permissions, permission));
    }

    /** Takes off a role what was granted for exactly this range. */
    public void roleRevokePermission(String name, byte[] key, byte[] rangeEnd) {
        changePermissions(name, permissions -> Permissions.revoke(permissions, key, rangeEnd));
    }

    private void changePermissions(String name, UnaryOperator<List<Permission>> change) {
        StoredRole role = state.requireRole(name);
        put(new StoredRole(name, change.apply(role.permissions())));
    }

    /** Throws unless auth is off or the user may write the key. */
    public void checkPut(AuthInfo info, byte[] key) {
        state.check(info, key, new byte[0], Permission.Type.WRITE);
    }

    /** Throws unless auth is off or the user may read the range. */
    public void checkRange(AuthInfo info, byte[] key, byte[] rangeEnd) {
        state.check(info, key, rangeEnd, Permission.Type.READ);
    }

    /** Throws unless auth is off or the user may delete the range. */
    public void checkDeleteRange(AuthInfo info, byte[] key, byte[] rangeEnd) {
        state.check(info, key, rangeEnd, Permission.Type.WRITE);
    }

    /** Throws unless auth is off or the user has the role root. */
    public void checkAdmin(AuthInfo info) {
        state.checkAdmin(info);
    }

    /** Whether a user has a role. */
    public boolean hasRole(String user, String role) {
        var found = state.user(user);
        return found != null && found.roles().contains(role);
    }
}
