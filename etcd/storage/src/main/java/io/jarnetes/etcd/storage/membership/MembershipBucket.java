package io.jarnetes.etcd.storage.membership;

import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendFile;
import io.jarnetes.etcd.storage.backend.BadPairException;
import io.jarnetes.etcd.storage.backend.Bucket;
import io.jarnetes.etcd.storage.backend.Meta;
import io.jarnetes.etcd.storage.backend.View;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The buckets {@code members}, {@code members_removed} and {@code cluster}. */
final class MembershipBucket {
    private static final byte[] FIRST = new byte[0];
    private static final String CLUSTER_VERSION = "clusterVersion";
    private static final String DOWNGRADE = "downgrade";
    private static final String REMOVED = "removed";

    private final Backend backend;

    MembershipBucket(Backend backend) {
        this.backend = backend;
    }

    private static byte[] key(long id) {
        return Meta.key(Long.toHexString(id));
    }

    void save(Member member) {
        backend.put(Bucket.MEMBERS, key(member.id()), MemberJson.encode(member));
    }

    void remove(long id) {
        backend.delete(Bucket.MEMBERS, key(id));
        backend.put(Bucket.MEMBERS_REMOVED, key(id), Meta.key(REMOVED));
    }

    void saveVersion(String version) {
        backend.put(Bucket.CLUSTER, Meta.key(CLUSTER_VERSION), Meta.key(version));
    }

    void saveDowngrade(DowngradeInfo info) {
        StringBuilder json = new StringBuilder("{\"target-version\":");
        GoJson.quote(json, info.targetVersion());
        json.append(",\"enabled\":").append(info.enabled()).append('}');
        backend.put(
                Bucket.CLUSTER,
                Meta.key(DOWNGRADE),
                json.toString().getBytes(StandardCharsets.UTF_8));
    }

    Map<Long, Member> members() {
        Map<Long, Member> members = new TreeMap<>(Long::compareUnsigned);
        scan(
                Bucket.MEMBERS,
                (key, value) -> {
                    Member member = decoded(() -> MemberJson.decode(value));
                    members.put(member.id(), member);
                    return true;
                });
        return members;
    }

    Set<Long> removed() {
        Set<Long> removed = new TreeSet<>(Long::compareUnsigned);
        scan(
                Bucket.MEMBERS_REMOVED,
                (key, value) -> {
                    String hex = new String(key, StandardCharsets.US_ASCII);
                    removed.add(decoded(() -> Long.parseUnsignedLong(hex, 16)));
                    return true;
                });
        return removed;
    }

    private void scan(Bucket bucket, BackendFile.Visitor visitor) {
        try (View view = backend.view()) {
            view.scan(bucket, FIRST, null, visitor);
        }
    }

    @Nullable String version() {
        byte[] value = backend.get(Bucket.CLUSTER, Meta.key(CLUSTER_VERSION));
        return value == null ? null : new String(value, StandardCharsets.US_ASCII);
    }

    DowngradeInfo downgrade() {
        DowngradeInfo stored =
                backend.get(
                        Bucket.CLUSTER,
                        Meta.key(DOWNGRADE),
                        value -> decoded(() -> downgrade(MemberJson.tree(value))));
        return stored == null ? DowngradeInfo.NONE : stored;
    }

    private static DowngradeInfo downgrade(JsonNode tree) {
        return new DowngradeInfo(
                tree.path("target-version").asString(""), tree.path("enabled").asBoolean(false));
    }

    private static <T> T decoded(Supplier<T> decoder) {
        try {
            return decoder.get();
        } catch (IllegalArgumentException | JacksonException e) {
            throw new BadPairException("has a value that is none of membership", e);
        }
    }
}
