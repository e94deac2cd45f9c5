package io.jarnetes.etcd.storage.auth;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendFile;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.Meta;
import io.jarnetes.etcd.storage.backend.View;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The buckets {@code auth}, {@code authUsers} and {@code authRoles}. */
final class AuthBucket {
    /** By the bytes of the names, as the buckets are sorted. */
    static final Comparator<String> BY_BYTES = (a, b) -> Arrays.compareUnsigned(bytes(a), bytes(b));

    private static final String ENABLED = "authEnabled";
    private static final String REVISION = "authRevision";
    private static final byte[] FIRST = new byte[0];

    private final Backend backend;

    AuthBucket(Backend backend) {
        this.backend = backend;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    boolean enabled() {
        byte[] value = backend.get(Bucket.AUTH, Meta.key(ENABLED));
        return value != null && value.length == 1 && value[0] == 1;
    }

    void saveEnabled(boolean enabled) {
        backend.put(Bucket.AUTH, Meta.key(ENABLED), new byte[] {(byte) (enabled ? 1 : 0)});
    }

    long revision() {
        Long stored = backend.get(Bucket.AUTH, Meta.key(REVISION), Meta::number);
        return stored == null ? 0 : stored;
    }

    void saveRevision(long revision) {
        backend.put(Bucket.AUTH, Meta.key(REVISION), Meta.bytes(revision));
    }

    NavigableMap<String, StoredUser> users() {
        NavigableMap<String, StoredUser> users = new TreeMap<>(BY_BYTES);
        scan(
                Bucket.AUTH_USERS,
                (key, value) -> {
                    users.put(new String(key, StandardCharsets.UTF_8), AuthCodec.decodeUser(value));
                    return true;
                });
        return users;
    }

    NavigableMap<String, StoredRole> roles() {
        NavigableMap<String, StoredRole> roles = new TreeMap<>(BY_BYTES);
        scan(
                Bucket.AUTH_ROLES,
                (key, value) -> {
                    roles.put(new String(key, StandardCharsets.UTF_8), AuthCodec.decodeRole(value));
                    return true;
                });
        return roles;
    }

    private void scan(Bucket bucket, BackendFile.Visitor visitor) {
        try (View view = backend.view()) {
            view.scan(bucket, FIRST, null, visitor);
        }
    }

    void save(StoredUser user) {
        backend.put(Bucket.AUTH_USERS, bytes(user.name()), AuthCodec.encode(user));
    }

    void deleteUser(String name) {
        backend.delete(Bucket.AUTH_USERS, bytes(name));
    }

    void save(StoredRole role) {
        backend.put(Bucket.AUTH_ROLES, bytes(role.name()), AuthCodec.encode(role));
    }

    void deleteRole(String name) {
        backend.delete(Bucket.AUTH_ROLES, bytes(name));
    }
}
