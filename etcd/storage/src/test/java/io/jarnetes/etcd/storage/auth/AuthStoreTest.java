package io.jarnetes.etcd.storage.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class AuthStoreTest {
    private static final int CHEAP = 4;
    private static final byte[] ONE_KEY = new byte[0];

    private final AtomicLong clock = new AtomicLong(1_000_000);
    private final Backend backend = Backend.over(new MemoryFile(), BackendOptions.defaults());
    private final TokenProvider tokens =
            TokenProviders.parse("simple", 300, new Random(1), clock::get);
    private final AuthStore auth = AuthStore.open(backend, tokens, CHEAP);

    private static byte[] b(String text) {
        return text.getBytes(UTF_8);
    }

    private static void refused(AuthException.Code code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        AuthException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private void addUser(String name, String password) {
        auth.userAdd(name, "", auth.hashPassword(password), false);
    }

    private void enable() {
        addUser("root", "r00t");
        auth.userGrantRole("root", "root");
        auth.authEnable();
    }

    private void grant(String role, Permission.Type type, String key, String end) {
        auth.roleGrantPermission(role, new Permission(type, b(key), b(end)));
    }

    private AuthInfo as(String user) {
        return new AuthInfo(user, auth.revision());
    }

    @Test
    void enablingNeedsRootAndDoesNotRaiseTheRevision() {
        assertThat(auth.revision()).isEqualTo(1);
        refused(AuthException.Code.ROOT_USER_NOT_EXIST, auth::authEnable);
        addUser("root", "r00t");
        refused(AuthException.Code.ROOT_ROLE_NOT_EXIST, auth::authEnable);
        auth.userGrantRole("root", "root");
        assertThat(auth.revision()).isEqualTo(3);
        auth.authEnable();
        assertThat(auth.revision()).isEqualTo(3);
        auth.authDisable();
        assertThat(auth.revision()).isEqualTo(4);
    }

    @Test
    void aLoginGivesATokenThatLivesWhileItIsUsed() {
        enable();
        assertThat(auth.checkPassword("root", "r00t")).isEqualTo(auth.revision());
        refused(AuthException.Code.AUTH_FAILED, () -> auth.checkPassword("root", "wrong"));
        refused(AuthException.Code.AUTH_FAILED, () -> auth.checkPassword("nobody", "x"));

        String prefix = auth.tokenPrefix();
        assertThat(prefix).matches("[a-zA-Z]{16}");
        String token = auth.authenticate("root", prefix, 42);
        assertThat(token).isEqualTo(prefix + ".42");
        assertThat(auth.tokenIndex(token)).isEqualTo(42);

        clock.addAndGet(299_000);
        assertThat(auth.authInfoFromToken("Bearer " + token)).isEqualTo(as("root"));
        clock.addAndGet(299_000);
        assertThat(auth.authInfoFromToken(token)).isEqualTo(as("root"));
        clock.addAndGet(301_000);
        refused(AuthException.Code.INVALID_AUTH_TOKEN, () -> auth.authInfoFromToken(token));
    }

    @Test
    void aChangedPasswordAndADisableVoidTokens() {
        enable();
        addUser("u", "p");
        String first = auth.authenticate("u", "a", 1);
        auth.userChangePassword("u", "", auth.hashPassword("q"));
        refused(AuthException.Code.INVALID_AUTH_TOKEN, () -> auth.authInfoFromToken(first));
        String second = auth.authenticate("u", "a", 2);
        auth.authDisable();
        auth.authEnable();
        refused(AuthException.Code.INVALID_AUTH_TOKEN, () -> auth.authInfoFromToken(second));
    }

    @Test
    void rootIsProtectedWhileAuthIsOn() {
        enable();
        refused(AuthException.Code.INVALID_AUTH_MGMT, () -> auth.userDelete("root"));
        refused(AuthException.Code.INVALID_AUTH_MGMT, () -> auth.roleDelete("root"));
        refused(AuthException.Code.INVALID_AUTH_MGMT, () -> auth.userRevokeRole("root", "root"));
        auth.authDisable();
        auth.userDelete("root");
        assertThat(auth.userList()).isEmpty();
    }

    @Test
    void permissionsCoverKeysRangesAndWhatTouches() {
        addUser("u", "p");
        auth.roleAdd("r");
        auth.userGrantRole("u", "r");
        grant("r", Permission.Type.READ, "a", "c");
        grant("r", Permission.Type.READWRITE, "c", "e");
        grant("r", Permission.Type.WRITE, "k", "");
        enable();

        auth.checkRange(as("u"), b("a"), b("e"));
        auth.checkRange(as("u"), b("d"), ONE_KEY);
        auth.checkPut(as("u"), b("k"));
        auth.checkDeleteRange(as("u"), b("c"), b("e"));
        refused(
                AuthException.Code.PERMISSION_DENIED,
                () -> auth.checkRange(as("u"), b("a"), b("f")));
        refused(
                AuthException.Code.PERMISSION_DENIED,
                () -> auth.checkRange(as("u"), b("a"), new byte[1]));
        refused(AuthException.Code.PERMISSION_DENIED, () -> auth.checkPut(as("u"), b("a")));
        refused(AuthException.Code.PERMISSION_DENIED, () -> auth.checkPut(as("u"), b("kk")));
        refused(
                AuthException.Code.PERMISSION_DENIED,
                () -> auth.checkRange(as("u"), b("k"), ONE_KEY));
        auth.checkRange(as("root"), b("x"), new byte[1]);
    }

    @Test
    void anOpenEndedGrantReadsToTheEnd() {
        addUser("u", "p");
        auth.roleAdd("r");
        auth.userGrantRole("u", "r");
        grant("r", Permission.Type.READ, "m", "\0");
        enable();

        auth.checkRange(as("u"), b("z"), b("\0"));
        refused(
                AuthException.Code.PERMISSION_DENIED,
                () -> auth.checkRange(as("u"), b("l"), b("\0")));
    }

    @Test
    void anOldRevisionAndNobodyAreRefused() {
        enable();
        AuthInfo old = as("root");
        addUser("u", "p");
        refused(AuthException.Code.AUTH_OLD_REVISION, () -> auth.checkPut(old, b("k")));
        refused(AuthException.Code.USER_EMPTY, () -> auth.checkPut(AuthInfo.NONE, b("k")));
        refused(AuthException.Code.USER_EMPTY, () -> auth.checkAdmin(AuthInfo.NONE));
        refused(AuthException.Code.PERMISSION_DENIED, () -> auth.checkAdmin(as("u")));
        refused(AuthException.Code.USER_NOT_FOUND, () -> auth.checkAdmin(as("v")));
        auth.checkAdmin(as("root"));
    }

    @Test
    void usersAndRolesAreManaged() {
        auth.userAdd("u", "", "", true);
        refused(AuthException.Code.USER_ALREADY_EXIST, () -> auth.userAdd("u", "", "", true));
        refused(AuthException.Code.USER_EMPTY, () -> auth.userAdd("", "", "", true));
        refused(AuthException.Code.ROLE_NOT_FOUND, () -> auth.userGrantRole("u", "r"));
        auth.roleAdd("s");
        auth.roleAdd("r");
        refused(AuthException.Code.ROLE_ALREADY_EXIST, () -> auth.roleAdd("r"));
        refused(AuthException.Code.ROLE_EMPTY, () -> auth.roleAdd(""));
        auth.userGrantRole("u", "s");
        auth.userGrantRole("u", "r");
        long revision = auth.revision();
        auth.userGrantRole("u", "r");
        assertThat(auth.revision()).as("granted again: nothing happens").isEqualTo(revision);
        assertThat(auth.userGet("u")).isEqualTo(new AuthStore.User("u", List.of("r", "s"), true));
        assertThat(auth.roleList()).containsExactly("r", "s");
        auth.roleDelete("r");
        assertThat(auth.userGet("u").roles()).containsExactly("s");
        refused(AuthException.Code.ROLE_NOT_GRANTED, () -> auth.userRevokeRole("u", "r"));
        auth.userRevokeRole("u", "s");
        assertThat(auth.userGet("u").roles()).isEmpty();
    }

    @Test
    void permissionsAreGrantedAndRevokedByRange() {
        auth.roleAdd("r");
        grant("r", Permission.Type.READ, "b", "");
        grant("r", Permission.Type.READ, "a", "z");
        grant("r", Permission.Type.WRITE, "b", "");
        assertThat(auth.roleGet("r"))
                .containsExactly(
                        new Permission(Permission.Type.READ, b("a"), b("z")),
                        new Permission(Permission.Type.WRITE, b("b"), ONE_KEY));
        refused(
                AuthException.Code.PERMISSION_NOT_GRANTED,
                () -> auth.roleRevokePermission("r", b("a"), ONE_KEY));
        auth.roleRevokePermission("r", b("a"), b("z"));
        assertThat(auth.roleGet("r")).hasSize(1);
        refused(AuthException.Code.PERMISSION_NOT_GIVEN, () -> auth.roleGrantPermission("r", null));
        refused(
                AuthException.Code.INVALID_AUTH_MGMT,
                () -> grant("r", Permission.Type.READ, "b", "a"));
        auth.roleAdd("root");
        assertThat(auth.roleGet("root"))
                .containsExactly(
                        new Permission(Permission.Type.READWRITE, ONE_KEY, new byte[] {0}));
    }

    @Test
    void everythingIsThereAfterReopening() {
        addUser("u", "p");
        auth.roleAdd("r");
        auth.userGrantRole("u", "r");
        grant("r", Permission.Type.READ, "a", "");
        enable();

        AuthStore again = AuthStore.open(backend, tokens, CHEAP);
        assertThat(again.isAuthEnabled()).isTrue();
        assertThat(again.revision()).isEqualTo(auth.revision());
        assertThat(again.userList()).containsExactly("root", "u");
        assertThat(again.checkPassword("u", "p")).isEqualTo(again.revision());
        again.checkRange(as("u"), b("a"), ONE_KEY);
    }

    @Test
    void aHashOfGoIsUnderstood() {
        // What golang.org/x/crypto/bcrypt makes of "allmine", from its own tests.
        String hash = "$2a$10$XajjQvNhvvRt5GSeFk1xFeyqRrsxkhBkUiQeg0dt.wU1qD4aFDcga";
        Passwords passwords = new Passwords(CHEAP);
        assertThat(passwords.matches("allmine", b(hash))).isTrue();
        assertThat(passwords.matches("allmind", b(hash))).isFalse();
    }

    @Test
    void longAndEmptyPasswordsAreAnsweredAsUpstream() {
        assertThatThrownBy(() -> auth.hashPassword("x".repeat(73)))
                .hasMessage("bcrypt: password length exceeds 72 bytes");
        addUser("e", "");
        addUser("l", "x".repeat(72));
        enable();
        assertThat(auth.checkPassword("e", "")).isEqualTo(auth.revision());
        assertThat(auth.checkPassword("l", "x".repeat(72))).isEqualTo(auth.revision());
    }
}
