package io.jarnetes.etcd.storage.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.etcd.storage.alarm.AlarmStore;
import io.jarnetes.etcd.storage.auth.AuthStore;
import io.jarnetes.etcd.storage.auth.Permission;
import io.jarnetes.etcd.storage.auth.TokenProviders;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.bbolt.Options;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.membership.RaftCluster;
import io.jarnetes.etcd.storage.mvcc.KeyRange;
import io.jarnetes.etcd.storage.mvcc.KeyValue;
import io.jarnetes.etcd.storage.mvcc.KeyValueHash;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import io.jarnetes.etcd.storage.mvcc.RangeOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Our store on db files of real etcds, and real etcds on ours. */
@Tag("exchange")
class MvccExchangeTest {
    private static final Base64.Decoder BASE64 = Base64.getDecoder();

    private static final long LAST_REVISION = 45;

    @TempDir Path folder;

    private static Path binaries(String version) {
        String peers = System.getenv("JARNETES_PEERS");
        if (peers == null) {
            throw new IllegalStateException("JARNETES_PEERS isn't set: `hack/test` sets it");
        }
        return Path.of(peers, "etcd-" + version, "usr", "bin");
    }

    private static Backend open(Path db) {
        return Backend.open(Disk.real(), db, Options.DEFAULTS, BackendOptions.defaults());
    }

    private static String text(KeyValueHash hash) {
        return Integer.toUnsignedLong(hash.hash()) + "/" + hash.compactRevision();
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.4.23", "3.5.16", "3.5.30"})
    void weReadWhatARealEtcdWrote(String version) {
        Path dataDir = folder.resolve("data");
        Map<Long, String> hashes = new HashMap<>();
        JsonNode all;
        long lease;
        try (RealEtcd etcd = RealEtcd.start(binaries(version), dataDir)) {
            lease = writeSomething(etcd);
            etcd.etcdctl("compact", "--physical", "30");
            etcd.etcdctl("put", "after", "compaction");
            // 3.4 refuses the compact revision itself.
            for (long revision = 31; revision <= LAST_REVISION; revision++) {
                hashes.put(revision, etcd.hashkv(revision));
            }
            all = etcd.json("get", "", "--from-key");
            etcd.stop();
        }
        try (Backend backend = open(dataDir.resolve("member/snap/db"))) {
            Lessor lessor = Lessor.open(backend, 1, System::nanoTime);
            Mvcc store = Mvcc.open(backend, lessor);
            assertThat(store.revision()).isEqualTo(LAST_REVISION);
            assertThat(store.compactRevision()).isEqualTo(30);
            hashes.forEach((revision, hash) ->
                    assertThat(text(store.hashByRev(revision)))
                            .as("hash at %s", revision)
                            .isEqualTo(hash));
            assertThat(store.range(KeyRange.all(), RangeOptions.LATEST).kvs())
                    .isEqualTo(pairs(all));
            assertThat(store.check()).isEmpty();
            assertThat(lessor.lookup(lease)).isNotNull();
            assertThat(lessor.leaseOf("leased".getBytes(UTF_8))).isEqualTo(lease);
            assertThat(RaftCluster.open(backend, 0, 0, 1).members()).hasSize(1);
            assertAuth(backend);
        }
    }

    private static void assertAuth(Backend backend) {
        AuthStore auth =
                AuthStore.open(
                        backend, TokenProviders.parse("simple", 0, new Random(1), () -> 0), 10);
        assertThat(auth.userList()).containsExactly("alice", "root");
        assertThat(auth.roleGet("reader"))
                .containsExactly(
                        new Permission(
                                Permission.Type.READ, "k".getBytes(UTF_8), "l".getBytes(UTF_8)));
        assertThat(auth.userGet("alice").roles()).containsExactly("reader");
        auth.authEnable();
        assertThat(auth.checkPassword("alice", "secret")).isEqualTo(auth.revision());
    }

    /** Puts, deletions, a transaction, a lease and users, up to the revision before the last. */
    private static long writeSomething(RealEtcd etcd) {
        String granted = etcd.etcdctl("lease", "grant", "3600");
        String hex = granted.split(" ", -1)[1];
        etcd.etcdctl("put", "leased", "v", "--lease=" + hex);
        for (int i = 0; i < 30; i++) {
            etcd.etcdctl("put", "k" + i % 7, "value " + i);
        }
        etcd.etcdctl("del", "k3");
        etcd.etcdctl("del", "k4", "k6");
        etcd.txn(
                "value(\"k0\") = \"value 28\"\n\nput k4 again\nput t1 x\ndel k1\n\nput never 1\n\n");
        for (int i = 0; i < 8; i++) {
            etcd.etcdctl("put", "big" + i % 2, "x".repeat(2000 * i));
        }
        etcd.etcdctl("del", "big", "--prefix");
        etcd.etcdctl("user", "add", "root:r00t");
        etcd.etcdctl("user", "grant-role", "root", "root");
        etcd.etcdctl("user", "add", "alice:secret");
        etcd.etcdctl("role", "add", "reader");
        etcd.etcdctl("role", "grant-permission", "reader", "read", "k", "l");
        etcd.etcdctl("user", "grant-role", "alice", "reader");
        return Long.parseUnsignedLong(hex, 16);
    }

    private static List<KeyValue> pairs(JsonNode range) {
        List<KeyValue> pairs = new ArrayList<>();
        for (JsonNode kv : range.path("kvs")) {
            pairs.add(
                    new KeyValue(
                            BASE64.decode(kv.path("key").asString("")),
                            kv.path("create_revision").asLong(0),
                            kv.path("mod_revision").asLong(0),
                            kv.path("version").asLong(0),
                            BASE64.decode(kv.path("value").asString("")),
                            kv.path("lease").asLong(0)));
        }
        return pairs;
    }

    @ParameterizedTest
    @ValueSource(strings = {"3.5.30"})
    void aRealEtcdReadsWhatWeWrote(String version) throws IOException {
        Path snapshot = folder.resolve("snapshot.db");
        Map<Long, String> hashes = new HashMap<>();
        List<KeyValue> all;
        try (Backend backend = open(folder.resolve("db"))) {
            Lessor lessor = Lessor.open(backend, 1, System::nanoTime);
            Mvcc store = Mvcc.open(backend, lessor);
            AlarmStore.open(backend);
            lessor.grant(0x77, 3600);
            write(store, backend);
            // At 900 the compaction's own hash is remembered, which saw more than is left.
            for (long revision = store.compactRevision() + 1;
                    revision <= store.revision();
                    revision += 97) {
                hashes.put(revision, text(store.hashByRev(revision)));
            }
            all = store.range(KeyRange.all(), RangeOptions.LATEST).kvs();
            backend.applied(7, 2);
            assertThat(backend.commit()).isTrue();
            try (Backend.Snapshot out = backend.snapshot();
                    OutputStream file = Files.newOutputStream(snapshot)) {
                out.writeTo(Channels.newChannel(file));
            }
        }
        Path etcdutl = binaries(version).resolve("etcdutl");
        Path dataDir = folder.resolve("restored");
        RealEtcd.tool(etcdutl.toString(), "snapshot", "status", snapshot.toString());
        RealEtcd.tool(
                etcdutl.toString(),
                "snapshot",
                "restore",
                snapshot.toString(),
                "--skip-hash-check",
                "--data-dir",
                dataDir.toString());
        try (RealEtcd etcd = RealEtcd.start(binaries(version), dataDir)) {
            hashes.forEach((revision, hash) ->
                    assertThat(etcd.hashkv(revision)).as("hash at %s", revision).isEqualTo(hash));
            assertThat(pairs(etcd.json("get", "", "--from-key"))).isEqualTo(all);
            assertThat(etcd.etcdctl("lease", "timetolive", "77", "--keys"))
                    .contains("granted with TTL(3600s)", "[leased]");
        }
    }

    private static void write(Mvcc store, Backend backend) {
        Random random = new Random(11);
        store.put("leased".getBytes(UTF_8), "v".getBytes(UTF_8), 0x77);
        for (int i = 0; i < 2000; i++) {
            byte[] key = ("key" + random.nextInt(300)).getBytes(UTF_8);
            if (random.nextInt(4) == 0) {
                store.deleteRange(KeyRange.of(key));
            } else {
                store.put(key, "x".repeat(random.nextInt(300)).getBytes(UTF_8), 0);
            }
            if (i % 300 == 299) {
                backend.commit();
            }
        }
        store.compact(900);
        do {
            backend.commit();
        } while (store.compactStep());
        backend.commit();
    }
}
