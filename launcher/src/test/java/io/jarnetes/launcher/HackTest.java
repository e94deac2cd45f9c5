package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code hack/} on what is built already. */
@Tag("e2e")
class HackTest {

    private static final Path HACK = Path.of("..", "hack").toAbsolutePath().normalize();

    @TempDir Path dir;

    private final Tools tools = Tools.ofEnv("export JARNETES_TEST=1");

    @Test
    void aSecondCallBuildsNothing() {
        tools.ok(HACK + "/run version");
        assertThat(tools.ok(HACK + "/run version 2>&1 >/dev/null")).isEmpty();
        assertThat(tools.ok(HACK + "/run version 2>/dev/null")).startsWith("jarnetes ");
    }

    @Test
    void envIsOneSentenceWhereNothingRuns() {
        Tools.Result result = tools.run("cd " + dir + " && " + HACK + "/run env");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.output())
                .startsWith("env: no control plane is ready on ")
                .hasLineCount(1);
    }

    @Test
    void theLaunchersAreDropIns() throws IOException {
        Path bin = dir.resolve("bin");
        tools.ok(HACK + "/install " + bin);
        try (var files = Files.list(bin)) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .contains(
                            "jarnetes",
                            "etcd",
                            "kube-apiserver",
                            "kube-controller-manager",
                            "kube-scheduler");
        }
        assertThat(tools.ok(bin + "/etcd --version")).startsWith("etcd Version: 3.");
        String version = tools.ok(bin + "/kube-apiserver --version");
        assertThat(version).matches("Kubernetes v1\\.36\\.\\d+\n");
        assertThat(tools.ok(bin + "/kube-controller-manager --version")).isEqualTo(version);
        assertThat(tools.ok(bin + "/kube-scheduler --version")).isEqualTo(version);
        assertThat(tools.ok(bin + "/jarnetes version")).startsWith("jarnetes ");
        assertThat(tools.run(bin + "/etcd --no-such-flag").output())
                .contains("flag provided but not defined: -no-such-flag");
    }

    /** The runtime would take the classes of the jar that an older cache was made from. */
    @Test
    void aCacheThatIsOlderThanTheJarIsNotUsed() throws IOException {
        Path jar = Files.writeString(dir.resolve("j.jar"), "jar");
        Path cache = Files.writeString(dir.resolve("j.aot"), "cache");
        String flags =
                "top=%s/.. JARNETES_JAR=%s; . %s/lib/build; flags_for up; printf '%%s ' ${flags[@]}"
                        .formatted(HACK, jar, HACK);
        FileTime built = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
        Files.setLastModifiedTime(jar, built);
        Files.setLastModifiedTime(cache, FileTime.from(built.toInstant().plusSeconds(1)));
        assertThat(tools.ok(flags)).contains("-XX:AOTCache=" + cache);
        Files.setLastModifiedTime(cache, FileTime.from(built.toInstant().minusSeconds(1)));
        assertThat(tools.ok(flags)).doesNotContain("AOTCache").contains("-XX:+UseSerialGC");
        Files.delete(cache);
        assertThat(tools.ok(flags)).doesNotContain("AOTCache");
    }
}
