package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.Main;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the machine puts in the way of {@code up} as a process: one sentence, exit status 1. */
@Tag("e2e")
class ObstacleTest {

    private static final int JAVA_8 = 52;

    @TempDir Path dir;

    private static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    private List<String> up(String... more) {
        List<String> words =
                new ArrayList<>(
                        List.of("up", "--ephemeral-ports", "--data-dir", dir + "/disk/data"));
        words.addAll(List.of(more));
        return words;
    }

    private static String refused(Jar jar) throws IOException {
        assertThat(jar.await(60)).as(jar.output()).isEqualTo(1);
        assertThat(jar.output()).doesNotContain("Exception");
        return jar.output();
    }

    @Test
    void noPermission() throws IOException {
        Path disk = Files.createDirectories(dir.resolve("disk"));
        Files.setPosixFilePermissions(disk, PosixFilePermissions.fromString("r-xr-xr-x"));
        // Root may write anywhere unless it gives that right away.
        List<String> prefix =
                root()
                        ? List.of("setpriv", "--bounding-set=-all", "--inh-caps=-all")
                        : List.of("env");
        try (Jar jar = Jar.start(dir, prefix, List.of(), up())) {
            assertThat(refused(jar))
                    .isEqualTo(
                            "up: the data directory can't be made: "
                                    + disk.resolve("data")
                                    + ": permission denied\n");
        }
        assertThat(disk).isEmptyDirectory();
    }

    /** Runs {@code up} on a small file system of its own, and lists what is left on it. */
    private Jar upOnDisk(String size, String... more) throws IOException {
        Files.createDirectories(dir.resolve("disk"));
        String script =
                "mount -t tmpfs -o size="
                        + size
                        + " tmpfs "
                        + dir.resolve("disk")
                        + " || exit 99; \"$@\"; status=$?; ls -A "
                        + dir.resolve("disk")
                        + " > "
                        + dir.resolve("left")
                        + "; exit $status";
        List<String> prefix = new ArrayList<>(List.of("unshare", "--mount"));
        if (!root()) {
            prefix.add("--map-root-user");
        }
        prefix.addAll(List.of("sh", "-c", script, "sh"));
        return Jar.start(dir, prefix, List.of(), up(more));
    }

    @Test
    void aFullDisk() throws IOException {
        try (Jar jar = upOnDisk("1m")) {
            assertThat(refused(jar))
                    .isEqualTo(
                            "up: the disk of "
                                    + dir.resolve("disk/data")
                                    + " is full: 1 MB are free, and 3 members of etcd need 196 MB"
                                    + " to start; make room, or choose another --data-dir\n");
        }
        assertThat(dir.resolve("left")).hasContent("");
    }

    @Test
    void anOlderJavaIsToldWhatIsMissing() throws IOException {
        assertThat(Main.refusal("25", "/opt/jdk")).isEmpty();
        assertThat(Main.refusal("26", "/opt/jdk")).isEmpty();
        assertThat(Main.refusal("1.8", "/opt/jdk")).contains("this is Java 8 (");
        assertThat(Main.refusal("17", "/opt/jdk"))
                .isEqualTo(
                        "jarnetes needs Java 25 or newer, and this is Java 17 (/opt/jdk): install a"
                                + " newer one, or point JAVA_HOME at it.");
        // The class that says so is one that an older Java can load.
        try (InputStream in =
                Objects.requireNonNull(
                        ObstacleTest.class.getResourceAsStream("/io/jarnetes/Main.class"))) {
            DataInputStream data = new DataInputStream(in);
            assertThat(data.readInt()).isEqualTo(0xCAFEBABE);
            assertThat(data.readUnsignedShort()).isZero();
            assertThat(data.readUnsignedShort()).isEqualTo(JAVA_8);
        }
    }

    @Test
    void aSecondInstance() throws IOException {
        Files.createDirectories(dir.resolve("disk"));
        try (Jar jar = Jar.start(dir, up("--members=1", "--nodes=0"))) {
            jar.awaitOutput("ready in ");
            try (Jar second = Jar.start(dir, up("--members=1", "--nodes=0"))) {
                assertThat(refused(second))
                        .isEqualTo(
                                "up: "
                                        + dir.resolve("disk/data")
                                        + " is in use by a running jarnetes; stop that one, or"
                                        + " choose another --data-dir\n");
            }
            assertThat(dir.resolve("disk/data/jarnetes.env")).exists();
            jar.terminate();
            assertThat(jar.await(10)).isZero();
        }
    }

    @Test
    void stoppedBeforeItIsReady() throws IOException {
        Files.createDirectories(dir.resolve("disk"));
        try (Jar jar = Jar.start(dir, up())) {
            jar.awaitOutput("etcd ");
            jar.terminate();
            assertThat(jar.await(30)).as(jar.output()).isZero();
        }
        try (Jar jar = Jar.start(dir, up())) {
            jar.awaitOutput("ready in ");
        }
    }
}
