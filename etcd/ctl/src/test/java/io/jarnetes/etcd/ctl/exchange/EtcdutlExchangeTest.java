package io.jarnetes.etcd.ctl.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our etcdutl beside upstream's, on the same files. */
@Tag("exchange")
@Execution(ExecutionMode.CONCURRENT)
class EtcdutlExchangeTest {
    private static final int STEPS = 80;

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({"3.5.30,true", "3.5.30,false", "3.6,true", "3.6,false"})
    void snapshotsGoBothWays(String version, boolean fromOurs) throws IOException {
        Make theirs = Make.theirs(version);
        Make ours = Make.oursFor(version);
        Workload work = new Workload(version.hashCode() + (fromOurs ? 1 : 0));
        Path saved = folder.resolve("saved.db");
        Contents before = save(version, fromOurs ? ours : theirs, work, saved);
        assertThat(Files.size(saved) % 512).isEqualTo(32);
        sameStatus(version, saved);

        Path byTheirs = folder.resolve("by-theirs");
        Path byOurs = folder.resolve("by-ours");
        Place first = Place.cluster(byTheirs, 1).getFirst();
        Place second = first.in(byOurs);
        Tool.theirs(version, "etcdutl", first.restore(saved)).ok();
        Tool.ours(second.restore(saved)).ok();
        sameStatus(version, first.database());
        assertThat(Tool.ours("snapshot", "status", second.database().toString()).ok())
                .isEqualTo(Tool.ours("snapshot", "status", first.database().toString()).ok());
        assertThat(log(second)).isEqualTo(log(first));

        serves(ours, first, before);
        serves(theirs, second, before);
        DirectoryCheck.run(first);
        DirectoryCheck.run(second);
    }

    private static Contents save(String version, Make make, Workload work, Path saved) {
        Place place = Place.cluster(saved.resolveSibling("source"), 1).getFirst();
        try (Server server = Server.start(make, place);
                Hand hand = server.hand()) {
            work.people(hand);
            work.data(hand, STEPS);
            Contents before = Contents.read(hand);
            Tool.theirs(
                            version,
                            "etcdctl",
                            "--endpoints=" + place.clientUrl(),
                            "snapshot",
                            "save",
                            saved.toString())
                    .ok();
            server.end(false);
            return before;
        }
    }

    private static void sameStatus(String version, Path file) {
        boolean old = !version.equals("3.6");
        // Debian's 3.5 draws its tables with another library than upstream's own build.
        List<String> formats =
                old
                        ? List.of("simple", "json", "fields", "protobuf")
                        : List.of("simple", "json", "fields", "table", "protobuf");
        for (String format : formats) {
            String[] args = {"snapshot", "status", file.toString(), "-w", format};
            String[] compatible = {
                "snapshot",
                "status",
                file.toString(),
                "-w",
                format,
                "--cluster-compatibility=" + (old ? "3.5" : "3.6")
            };
            assertThat(Tool.ours(compatible)).isEqualTo(Tool.theirs(version, "etcdutl", args));
        }
    }

    /** The bytes of the log that a restore made, up to where it was only reserved. */
    private static byte[] log(Place place) throws IOException {
        Path segment =
                place.data()
                        .resolve("member/wal")
                        .resolve(DirectoryCheck.segments(place).getFirst());
        try (var in = Files.newInputStream(segment)) {
            return in.readNBytes(4096);
        }
    }

    private static void serves(Make make, Place place, Contents before) {
        try (Server server = Server.start(make, place);
                Hand hand = server.hand()) {
            before.assertRestored(Contents.read(hand));
            hand.put("after", Hand.utf8("restore"), 0);
            server.end(false);
        }
    }

    @ParameterizedTest
    @CsvSource({"3.5.30", "3.6"})
    void aRevisionThatWasBumpedIsCompacted(String version) {
        Workload work = new Workload(version.hashCode() + 7);
        Path saved = folder.resolve("saved.db");
        Contents before = save(version, Make.oursFor(version), work, saved);
        Place first = Place.cluster(folder.resolve("by-theirs"), 1).getFirst();
        Place second = first.in(folder.resolve("by-ours"));
        Tool.theirs(version, "etcdutl", bumped(first.restore(saved))).ok();
        Tool.ours(bumped(second.restore(saved))).ok();
        Contents onTheirs = contents(Make.oursFor(version), first);
        Contents onOurs = contents(Make.theirs(version), second);
        assertThat(onOurs).isEqualTo(onTheirs);
        assertThat(onOurs.revision()).isEqualTo(before.revision() + 1_000_000);
        assertThat(onOurs.compactRevision()).isEqualTo(before.revision() + 1_000_000);
        assertThat(onOurs.keys()).isEqualTo(before.keys());
    }

    private static String[] bumped(String[] args) {
        List<String> all = new java.util.ArrayList<>(List.of(args));
        all.add("--bump-revision=1000000");
        all.add("--mark-compacted");
        return all.toArray(String[]::new);
    }

    private static Contents contents(Make make, Place place) {
        try (Server server = Server.start(make, place);
                Hand hand = server.hand()) {
            Contents contents = Contents.read(hand);
            server.end(false);
            return contents;
        }
    }

    @Test
    void aClusterOfThreeIsRestored() {
        Path saved = folder.resolve("saved.db");
        Contents before = save("3.6", Make.ours("3.6"), new Workload(3), saved);
        List<Place> places = Place.cluster(folder.resolve("restored"), 3);
        Tool.ours(places.get(0).restore(saved)).ok();
        Tool.theirs("3.6", "etcdutl", places.get(1).restore(saved)).ok();
        Tool.ours(places.get(2).restore(saved)).ok();
        try (Servers servers = Servers.start(Make.theirs("3.6"), places)) {
            for (int i = 0; i < places.size(); i++) {
                before.assertRestored(Contents.read(servers.hand(i)));
            }
            servers.end(false);
        }
    }

    @Test
    void filesThatAreNotSnapshotsAreRefusedAlike() throws IOException {
        Path saved = folder.resolve("saved.db");
        save("3.6", Make.ours("3.6"), new Workload(4), saved);
        byte[] bytes = Files.readAllBytes(saved);
        Path bare = folder.resolve("bare.db");
        Files.write(bare, java.util.Arrays.copyOf(bytes, bytes.length - 32));
        Path damaged = folder.resolve("damaged.db");
        bytes[bytes.length / 2] ^= 1;
        Files.write(damaged, bytes);
        Path small = folder.resolve("small.db");
        Files.writeString(small, "small");
        int number = 0;
        for (Path file : List.of(bare, damaged, small)) {
            Place place = Place.cluster(folder.resolve("refused" + number++), 1).getFirst();
            Tool theirs = Tool.theirs("3.6", "etcdutl", place.restore(file));
            Tool ours = Tool.ours(place.in(folder.resolve("ours" + number)).restore(file));
            assertThat(ours).isEqualTo(theirs);
            assertThat(ours.status()).isEqualTo(1);
        }
        Place there = Place.cluster(folder.resolve("there"), 1).getFirst();
        Tool.ours(there.restore(saved)).ok();
        assertThat(Tool.ours(there.restore(saved)))
                .isEqualTo(Tool.theirs("3.6", "etcdutl", there.restore(saved)));
    }

    @ParameterizedTest
    @CsvSource({"3.5.30", "3.6"})
    void hashKvDefragAndCheck(String version) throws IOException {
        Make theirs = Make.theirs(version);
        Place place = Place.cluster(folder, 1).getFirst();
        // Upstream's hashkv panics on keys with leases.
        Workload work = new Workload(version.hashCode() + 9).withoutLeases();
        Contents before;
        try (Server server = Server.start(theirs, place);
                Hand hand = server.hand()) {
            work.people(hand);
            work.data(hand, STEPS);
            before = Contents.read(hand);
            server.end(false);
        }
        String db = place.database().toString();
        long least = before.hashes().firstKey();
        for (String revision : List.of("0", "" + least, "" + before.revision(), "1", "99999")) {
            for (String format : List.of("simple", "json", "fields", "table")) {
                String[] args = {"hashkv", db, "--rev", revision, "-w", format};
                assertThat(Tool.ours(args)).isEqualTo(Tool.theirs("3.6", "etcdutl", args));
            }
        }
        assertThat(Tool.ours("check", db).ok().out()).isEqualTo(db + " is sound\n");
        Tool.ours("defrag", "--data-dir", place.data().toString()).ok();
        Tool.ours("check", "--data-dir", place.data().toString()).ok();
        try (Server server = Server.start(theirs, place);
                Hand hand = server.hand()) {
            before.assertKept(Contents.read(hand), false);
            server.end(false);
        }
        Tool.theirs(version, "etcdutl", "defrag", "--data-dir", place.data().toString()).ok();
        Tool.ours("check", "--data-dir", place.data().toString()).ok();
        try (Server server = Server.start(Make.oursFor(version), place);
                Hand hand = server.hand()) {
            before.assertKept(Contents.read(hand), false);
            server.end(false);
        }
    }

    @Test
    void checkFindsPagesThatAreNotWhatTheyWere() throws IOException {
        Place place = Place.cluster(folder, 1).getFirst();
        try (Server server = Server.start(Make.theirs("3.6"), place);
                Hand hand = server.hand()) {
            new Workload(5).data(hand, STEPS);
            server.end(false);
        }
        byte[] bytes = Files.readAllBytes(place.database());
        // Neither meta page: what they lack makes another version count, and that one is sound.
        int found = 0;
        for (int page = 2; page < 20; page++) {
            byte[] changed = bytes.clone();
            changed[page * 4096 + 9] ^= 0x40;
            Path file = folder.resolve("changed" + page);
            Files.write(file, changed);
            Tool said = Tool.ours("check", file.toString());
            if (said.status() == 1) {
                assertThat(said.out() + said.err()).contains(file.toString());
                found++;
            }
        }
        assertThat(found).isGreaterThan(3);
    }

    @Test
    void storageVersionsAreMigratedAsUpstreamDoes() throws IOException {
        Place place = Place.cluster(folder, 1).getFirst();
        Make make = Make.ours("3.6");
        try (Server server = Server.start(make, place);
                Hand hand = server.hand()) {
            new Workload(6).data(hand, STEPS);
            server.until("the cluster's version", () -> hand.clusterVersion(make));
            server.end(false);
        }
        Place copy = place.in(folder.resolve("copy"));
        Place.copy(place.data(), copy.data());
        for (String target : List.of("3.6", "3.5", "3.5", "3.6", "3.7")) {
            Tool theirs =
                    Tool.theirs(
                            "3.6",
                            "etcdutl",
                            "migrate",
                            "--data-dir=" + copy.data(),
                            "--target-version=" + target);
            Tool ours =
                    Tool.ours(
                            "migrate", "--data-dir=" + place.data(), "--target-version=" + target);
            assertThat(ours).as(target).isEqualTo(theirs);
            String[] status = {"snapshot", "status", "-w", "json"};
            assertThat(status(place, status)).as(target).isEqualTo(status(copy, status));
        }
    }

    private static String status(Place place, String[] args) {
        List<String> all = new java.util.ArrayList<>(List.of(args));
        all.add(place.database().toString());
        // Pages that were freed and taken again differ, their number may too.
        return Tool.ours(all.toArray(String[]::new))
                .ok()
                .out()
                .replaceFirst("\"totalSize\":\\d+", "");
    }

    @ParameterizedTest
    @CsvSource({"3.5.30", "3.6"})
    void aSnapshotSavedUnderLoadHoldsWhatWasAcknowledged(String version) {
        Make make = Make.oursFor(version);
        Place place = Place.cluster(folder, 1).getFirst();
        Path saved = folder.resolve("saved.db");
        Load load;
        try (Server server = Server.start(make, place);
                Hand hand = server.hand()) {
            new Workload(8).bulk(hand, 24);
            load = Load.start(hand);
            server.until("some writes", () -> load.acknowledged().size() > 100);
            var before = List.copyOf(load.acknowledged().keySet());
            Tool.theirs(
                            version,
                            "etcdctl",
                            "--endpoints=" + place.clientUrl(),
                            "snapshot",
                            "save",
                            saved.toString())
                    .ok();
            server.until("more writes", () -> load.acknowledged().size() > before.size() + 50);
            load.stop();
            server.end(false);
            sameStatus(version, saved);
            Tool.ours("check", saved.toString()).ok();
            Place restored = Place.cluster(folder.resolve("restored"), 1).getFirst();
            Tool.ours(restored.restore(saved)).ok();
            try (Server again = Server.start(make, restored);
                    Hand reader = again.hand()) {
                assertThat(load.found(reader)).containsAll(before);
                again.end(false);
            }
        }
    }

    @Test
    void defragWaitsForTheLock() throws Exception {
        Place place = Place.cluster(folder, 1).getFirst();
        try (Server server = Server.start(Make.theirs("3.6"), place)) {
            Waiting waiting = Waiting.start("defrag", "--data-dir", place.data().toString());
            server.until(
                    "the sentence",
                    () -> waiting.err().contains("waiting for etcd to close and release its lock"));
            server.end(false);
            assertThat(waiting.status()).isZero();
        }
        DirectoryCheck.run(place);
    }
}
