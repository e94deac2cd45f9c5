package io.jarnetes.etcd.ctl.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A directory goes from one make to the other and back, with all that is in it. */
@Tag("exchange")
@Execution(ExecutionMode.CONCURRENT)
class ServerExchangeTest {
    private static final int STEPS = 60;
    private static final int SEGMENT_MEGABYTES = 72;
    private static final String[] FEW = {"--snapshot-count=25"};
    private static final String[] NONE = {};
    private static final String V2 = "--enable-v2";

    @TempDir Path folder;

    /**
     * One way there and back.
     *
     * @param back who has it last; 3.4 doesn't take back what 3.5 has raised
     */
    record Way(Make first, Make second, Make back, boolean kill, boolean snapshots) {
        @Override
        public String toString() {
            return first
                    + " → "
                    + second
                    + " → "
                    + back
                    + (kill ? ", killed" : ", stopped")
                    + (snapshots ? ", with snapshots" : "");
        }

        long seed() {
            return toString().hashCode();
        }

        String[] flags() {
            return snapshots ? FEW : NONE;
        }
    }

    static Stream<Way> ways() {
        List<Way> ways = new ArrayList<>();
        for (boolean kill : new boolean[] {false, true}) {
            for (boolean snapshots : new boolean[] {false, true}) {
                for (String version : List.of("3.4.23", "3.5.16", "3.5.30", "3.6")) {
                    Make theirs = Make.theirs(version);
                    Make ours = Make.oursFor(version);
                    boolean old = version.equals("3.4.23");
                    Make back = old ? Make.theirs("3.5.30") : theirs;
                    ways.add(new Way(theirs, ours, back, kill, snapshots));
                    if (!old) {
                        ways.add(new Way(ours, theirs, ours, kill, snapshots));
                    }
                }
            }
        }
        return ways.stream();
    }

    @ParameterizedTest
    @MethodSource("ways")
    void everythingIsThere(Way way) {
        Place place = Place.cluster(folder, 1).getFirst();
        Workload work = new Workload(way.seed());
        Contents before;
        Burst burst = null;
        try (Server server = Server.start(way.first.killable(way.kill), place, way.flags());
                Hand hand = server.hand()) {
            work.members(hand, false);
            before = begin(work, hand, !way.kill);
            if (way.kill) {
                burst = Burst.until(server, hand, work.burstSize());
            } else {
                server.end(false);
            }
        }
        check(place, way.snapshots);
        try (Server server = Server.start(way.second.killable(way.kill), place, way.flags());
                Hand hand = server.hand()) {
            work.login(hand);
            if (burst != null) {
                burst.assertKept(hand);
            }
            before.assertKept(Contents.read(hand), way.kill);
            assertPasswords(work, hand);
            work.members(hand, true);
            before = goOn(work, hand, way.kill);
            server.end(way.kill);
        }
        check(place, way.snapshots);
        try (Server server = Server.start(way.back, place, way.flags());
                Hand hand = server.hand()) {
            before.assertKept(Contents.read(hand), false);
            work.disarm(hand);
            work.data(hand, STEPS);
            server.end(false);
        }
        check(place, way.snapshots);
    }

    /** Everything there is, then authentication; ends as root. */
    private static Contents begin(Workload work, Hand hand, boolean alarm) {
        work.people(hand);
        work.data(hand, STEPS);
        work.enableAuth(hand);
        work.data(hand, STEPS);
        if (alarm) {
            work.raiseAlarm(hand);
        }
        return Contents.read(hand);
    }

    /** More of it, without authentication in the end. */
    private static Contents goOn(Workload work, Hand hand, boolean alarm) {
        work.disarm(hand);
        work.data(hand, STEPS);
        work.people(hand);
        work.disableAuth(hand);
        work.data(hand, STEPS);
        if (alarm) {
            work.raiseAlarm(hand);
        }
        return Contents.read(hand);
    }

    private static void assertPasswords(Workload work, Hand hand) {
        work.passwords().forEach(hand::login);
        work.login(hand);
    }

    private static void check(Place place, boolean snapshots) {
        DirectoryCheck.run(place);
        if (snapshots) {
            assertThat(DirectoryCheck.snapshots(place)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "3.5.30,false,true",
        "3.5.30,true,false",
        "3.6,false,false",
        "3.6,true,true",
    })
    void aClusterOfThreeGoesThereAndBack(String version, boolean oursFirst, boolean kill) {
        Make theirs = Make.theirs(version);
        Make ours = Make.oursFor(version);
        List<Place> places = Place.cluster(folder, 3);
        Workload work = new Workload(places.getFirst().name().hashCode() + version.hashCode());
        Contents before;
        try (Servers servers =
                Servers.start((oursFirst ? ours : theirs).killable(kill), places, FEW)) {
            before = begin(work, servers.hand(0), false);
            servers.end(kill);
        }
        places.forEach(place -> check(place, true));
        try (Servers servers =
                Servers.start((oursFirst ? theirs : ours).killable(kill), places, FEW)) {
            for (int i = 0; i < places.size(); i++) {
                work.login(servers.hand(i));
                before.assertKept(Contents.read(servers.hand(i)), false);
            }
            before = goOn(work, servers.hand(0), true);
            servers.end(kill);
        }
        places.forEach(place -> check(place, true));
        try (Servers servers = Servers.start(oursFirst ? ours : theirs, places, FEW)) {
            for (int i = 0; i < places.size(); i++) {
                before.assertKept(Contents.read(servers.hand(i)), false);
            }
            work.disarm(servers.hand(0));
            work.data(servers.hand(1), STEPS);
            servers.end(false);
        }
        places.forEach(place -> check(place, true));
    }

    /** The log is cut and its old segments are released by one, and gone on with by the other. */
    @ParameterizedTest
    @CsvSource({"3.5.30,false", "3.5.30,true", "3.6,false", "3.6,true"})
    void aLogOfManySegmentsGoesOn(String version, boolean oursFirst) {
        Make theirs = Make.theirs(version);
        Make ours = Make.oursFor(version);
        Place place = Place.cluster(folder, 1).getFirst();
        Workload work = new Workload(version.hashCode());
        Contents before;
        // What a power cut would leave is of no matter here, and 72 MB would be synced for long.
        try (Server server =
                        Server.start(
                                (oursFirst ? ours : theirs).killable(true),
                                place,
                                "--snapshot-count=10",
                                "--unsafe-no-fsync");
                Hand hand = server.hand()) {
            work.data(hand, STEPS);
            work.bulk(hand, SEGMENT_MEGABYTES);
            work.data(hand, STEPS);
            before = Contents.read(hand);
            server.end(true);
        }
        check(place, true);
        assertThat(DirectoryCheck.segments(place).getLast()).startsWith("0000000000000001-");
        for (Make make : List.of(oursFirst ? theirs : ours, oursFirst ? ours : theirs)) {
            try (Server server = Server.start(make, place, "--snapshot-count=10");
                    Hand hand = server.hand()) {
                before.assertKept(Contents.read(hand), false);
                work.data(hand, STEPS);
                before = Contents.read(hand);
                server.end(false);
            }
            check(place, true);
        }
    }

    @ParameterizedTest
    @CsvSource({"3.4.23", "3.5.30"})
    void anOldDirectoryIsRaisedTo36(String version) {
        Place place = Place.cluster(folder, 1).getFirst();
        Workload work = new Workload(version.hashCode());
        List<Make> steps =
                version.equals("3.4.23")
                        ? List.of(
                                Make.theirs(version),
                                Make.ours("3.5"),
                                Make.ours("3.6"),
                                Make.theirs("3.6"))
                        : List.of(Make.theirs(version), Make.ours("3.6"), Make.theirs("3.6"));
        Contents before = null;
        for (Make make : steps) {
            try (Server server = Server.start(make.killable(true), place, FEW);
                    Hand hand = server.hand()) {
                if (before != null) {
                    before.assertKept(Contents.read(hand), false);
                }
                work.people(hand);
                work.data(hand, STEPS);
                // The next version starts only on what this one has made its own.
                server.until("the cluster's version", () -> hand.clusterVersion(make));
                before = Contents.read(hand);
                server.end(true);
            }
            check(place, true);
        }
    }

    @ParameterizedTest
    @CsvSource({"3.5.16", "3.5.30", "3.6"})
    void neitherOpensWhatTheOtherHasOpen(String version) {
        Make theirs = Make.theirs(version);
        Make ours = Make.oursFor(version);
        Place place = Place.cluster(folder, 1).getFirst();
        List<Integer> ports = Ports.take(2);
        Place same =
                new Place(
                        "same",
                        place.data(),
                        ports.get(0),
                        ports.get(1),
                        "same=http://127.0.0.1:" + ports.get(1));
        try (Server server = Server.start(theirs, place);
                Hand hand = server.hand()) {
            hand.put("a", Hand.utf8("theirs"), 0);
            try (Server second = Server.launch(ours, same)) {
                second.awaitEnd();
                assertThat(second.exitStatus()).isEqualTo(1);
                assertThat(second.log()).contains("lock");
            }
            hand.put("a", Hand.utf8("still theirs"), 0);
            server.end(false);
        }
        try (Server server = Server.start(ours, place);
                Hand hand = server.hand()) {
            hand.put("a", Hand.utf8("ours"), 0);
            try (Server second = Server.launch(theirs, same)) {
                // Upstream waits for the lock for ever.
                second.until("its sentence", () -> second.log().contains("flocked by another"));
                assertThat(second.alive()).isTrue();
            }
            hand.put("a", Hand.utf8("still ours"), 0);
            server.end(false);
        }
        check(place, false);
    }

    @ParameterizedTest
    @CsvSource({"ours,3.6", "3.6,ours"})
    void at35NobodyStartsOnWhatIsAt36(String first, String second) {
        Place place = Place.cluster(folder, 1).getFirst();
        Make newer = first.equals("ours") ? Make.ours("3.6") : Make.theirs(first);
        try (Server server = Server.start(newer, place);
                Hand hand = server.hand()) {
            server.until("the cluster's version", () -> hand.clusterVersion(newer));
            server.end(false);
        }
        Make older = second.equals("ours") ? Make.ours("3.5") : Make.theirs("3.5.30");
        try (Server server = Server.launch(older, place)) {
            server.awaitEnd();
            assertThat(server.exitStatus()).isNotZero();
            assertThat(server.log()).contains("invalid downgrade");
        }
        try (Server server = Server.start(newer, place)) {
            server.end(false);
        }
    }

    /** A member without a v2 store would lose them; so says 3.6 too. */
    @ParameterizedTest
    @CsvSource({"3.4.23,false", "3.4.23,true", "3.5.30,false", "3.5.30,true"})
    void keysOfTheApiV2AreNotLost(String version, boolean snapshots) {
        Place place = Place.cluster(folder, 1).getFirst();
        Make theirs = Make.theirs(version);
        String[] flags = snapshots ? new String[] {"--snapshot-count=25", V2} : new String[] {V2};
        Workload work = new Workload(version.hashCode());
        try (Server server = Server.start(theirs, place, flags);
                Hand hand = server.hand()) {
            hand.putV2("a", "kept");
            work.data(hand, STEPS);
            server.end(true);
        }
        try (Server server = Server.launch(Make.ours("3.5"), place)) {
            server.awaitEnd();
            assertThat(server.exitStatus()).isEqualTo(1);
            assertThat(server.log())
                    .contains(
                            snapshots
                                    ? "detected disallowed custom content in v2store"
                                    : "detected disallowed v2 WAL");
        }
        try (Server server = Server.start(theirs, place, flags);
                Hand hand = server.hand()) {
            assertThat(hand.getV2("a")).contains("kept");
            server.end(false);
        }
    }
}
