package io.jarnetes.etcd.storage.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import io.jarnetes.etcd.storage.bbolt.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Random users, roles and permissions against a model that knows nothing of merging: the keys fall
 * into cells between the ends of all ranges that can be granted, and a user may do what it may do
 * in every single cell.
 */
class AuthModelTest {
    private static final List<String> USERS = List.of("root", "u1", "u2", "u3");
    private static final List<String> ROLES = List.of("r1", "r2", "r3");
    private static final String HASH = "aGFzaA==";

    @TestFactory
    Stream<DynamicTest> permissions() {
        return Seeds.of(60, seed -> new Run(seed).run());
    }

    private record Granted(Permission.Type type, byte[] key, byte[] end) {
        boolean sameRange(byte[] otherKey, byte[] otherEnd) {
            return Arrays.equals(key, otherKey) && Arrays.equals(end, otherEnd);
        }

        boolean covers(byte[] cell) {
            if (Arrays.compareUnsigned(key, cell) > 0) {
                return false;
            }
            return isOpen(end) || Arrays.compareUnsigned(cell, endOf(key, end)) < 0;
        }
    }

    private static boolean isOpen(byte[] end) {
        return end.length == 1 && end[0] == 0;
    }

    private static byte[] endOf(byte[] key, byte[] end) {
        return end.length == 0 ? Arrays.copyOf(key, key.length + 1) : end;
    }

    private static final class Run {
        private final Random random;
        private final Backend backend = Backend.over(new MemoryFile(), BackendOptions.defaults());
        private final Map<String, TreeSet<String>> users = new TreeMap<>();
        private final Map<String, List<Granted>> roles = new TreeMap<>();
        private final TreeSet<byte[]> cells = new TreeSet<>(Arrays::compareUnsigned);
        private AuthStore auth = open();
        private long revision = 1;

        Run(long seed) {
            random = new Random(seed);
            for (char a = 'a'; a <= 'e'; a++) {
                for (String text : List.of("" + a, a + "a", a + "b")) {
                    byte[] key = text.getBytes(UTF_8);
                    cells.add(key);
                    cells.add(Arrays.copyOf(key, key.length + 1));
                }
            }
        }

        private AuthStore open() {
            var tokens = TokenProviders.parse("simple", 0, new Random(1), () -> 0);
            return AuthStore.open(backend, tokens, 4);
        }

        void run() {
            change(() -> auth.userAdd("root", "", HASH, false), () -> user("root"));
            change(() -> auth.userGrantRole("root", "root"), () -> of(users, "root").add("root"));
            auth.authEnable();
            for (int i = 0; i < 250; i++) {
                step();
                if (random.nextInt(40) == 0) {
                    backend.commit();
                    auth = open();
                    assertThat(auth.isAuthEnabled()).isTrue();
                }
                assertThat(auth.revision()).isEqualTo(revision);
                requireSame();
            }
            assertThat(auth.userList()).containsExactlyElementsOf(users.keySet());
            assertThat(auth.roleList()).containsExactlyElementsOf(roles.keySet());
            users.forEach((name, has) ->
                    assertThat(auth.userGet(name).roles()).containsExactlyElementsOf(has));
        }

        private static <V> V of(Map<String, V> map, String name) {
            return Objects.requireNonNull(map.get(name));
        }

        private void user(String name) {
            users.put(name, new TreeSet<>());
        }

        /** A change that is refused, or raises the revision. */
        private void change(Runnable request, Runnable model) {
            long before = auth.revision();
            try {
                request.run();
            } catch (AuthException e) {
                assertThat(auth.revision()).isEqualTo(before);
                return;
            }
            model.run();
            revision = auth.revision();
            assertThat(revision).isBetween(before, before + 1);
        }

        private void step() {
            String user = USERS.get(1 + random.nextInt(USERS.size() - 1));
            String role = ROLES.get(random.nextInt(ROLES.size()));
            byte[] key = key();
            byte[] end = end();
            switch (random.nextInt(14)) {
                case 0 -> change(() -> auth.userDelete(user), () -> users.remove(user));
                case 1, 2 -> change(() -> auth.userAdd(user, "", HASH, false), () -> user(user));
                case 3 -> {
                    if (random.nextInt(3) == 0) {
                        change(
                                () -> auth.roleDelete(role),
                                () -> {
                                    roles.remove(role);
                                    users.values().forEach(has -> has.remove(role));
                                });
                    }
                }
                case 4, 5 ->
                        change(() -> auth.roleAdd(role), () -> roles.put(role, new ArrayList<>()));
                case 6, 7 ->
                        change(
                                () -> auth.userGrantRole(user, role),
                                () -> of(users, user).add(role));
                case 8 ->
                        change(
                                () -> auth.userRevokeRole(user, role),
                                () -> of(users, user).remove(role));
                case 9 -> {
                    List<Granted> has = roles.getOrDefault(role, List.of());
                    if (!has.isEmpty()) {
                        revoke(role, has.get(random.nextInt(has.size())));
                    }
                }
                default -> {
                    Permission.Type type =
                            Permission.Type.values()[
                                    random.nextInt(Permission.Type.values().length)];
                    change(
                            () -> auth.roleGrantPermission(role, new Permission(type, key, end)),
                            () -> grant(role, new Granted(type, key, end)));
                }
            }
        }

        private void revoke(String role, Granted granted) {
            change(
                    () -> auth.roleRevokePermission(role, granted.key(), granted.end()),
                    () -> of(roles, role).removeIf(g -> g.sameRange(granted.key(), granted.end())));
        }

        /** As upstream: the first grant of the key is replaced if it is of this range. */
        private void grant(String role, Granted granted) {
            List<Granted> has = of(roles, role);
            for (int i = 0; i < has.size(); i++) {
                if (Arrays.equals(has.get(i).key(), granted.key())) {
                    if (has.get(i).sameRange(granted.key(), granted.end())) {
                        has.set(i, granted);
                        return;
                    }
                    break;
                }
            }
            has.add(granted);
        }

        /** One whose successor begins a cell, too. */
        private byte[] key() {
            byte[] cell = cell();
            return cell[cell.length - 1] == 0 ? Arrays.copyOf(cell, cell.length - 1) : cell;
        }

        private byte[] cell() {
            return cells.toArray(new byte[0][])[random.nextInt(cells.size())];
        }

        private byte[] end() {
            return switch (random.nextInt(6)) {
                case 0, 1 -> new byte[0];
                case 2 -> new byte[] {0};
                default -> cell();
            };
        }

        private void requireSame() {
            for (String user : USERS) {
                for (int i = 0; i < 6; i++) {
                    byte[] key = key();
                    byte[] end = end();
                    boolean single = end.length == 0;
                    if (!single && !isOpen(end) && Arrays.compareUnsigned(key, end) >= 0) {
                        continue;
                    }
                    String name =
                            user + " " + new String(key, UTF_8) + ".." + new String(end, UTF_8);
                    assertThat(allowed(() -> auth.checkRange(who(user), key, end)))
                            .as("reads %s", name)
                            .isEqualTo(may(user, key, end, Permission.Type.READ));
                    assertThat(allowed(() -> auth.checkDeleteRange(who(user), key, end)))
                            .as("deletes %s", name)
                            .isEqualTo(may(user, key, end, Permission.Type.WRITE));
                    assertThat(allowed(() -> auth.checkPut(who(user), key)))
                            .as("puts %s", name)
                            .isEqualTo(may(user, key, new byte[0], Permission.Type.WRITE));
                }
            }
        }

        private AuthInfo who(String user) {
            return new AuthInfo(user, revision);
        }

        private static boolean allowed(Runnable check) {
            try {
                check.run();
                return true;
            } catch (AuthException e) {
                assertThat(e.code()).isEqualTo(AuthException.Code.PERMISSION_DENIED);
                return false;
            }
        }

        private boolean may(String user, byte[] key, byte[] end, Permission.Type type) {
            TreeSet<String> has = users.get(user);
            if (has == null) {
                return false;
            }
            if (has.contains("root")) {
                return true;
            }
            Granted asked = new Granted(type, key, end);
            return cells.stream().filter(asked::covers).allMatch(cell -> mayCell(has, cell, type));
        }

        private boolean mayCell(TreeSet<String> has, byte[] cell, Permission.Type type) {
            return has.stream()
                    .flatMap(role -> roles.getOrDefault(role, List.of()).stream())
                    .filter(g -> g.type() == type || g.type() == Permission.Type.READWRITE)
                    .anyMatch(g -> g.covers(cell));
        }
    }
}
