package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.testcontainers.containers.ComposeContainer;

/**
 * A lab of {@code compose/}, copied to a folder of its own and brought up there with compose by
 * Testcontainers. The copy differs from the original in one thing: it has no {@code
 * container_name}, which Testcontainers refuses.
 */
final class Lab implements AutoCloseable {

    static final String IMAGE = "jarnetes";
    private static final Path LABS = Path.of("..", "compose").toAbsolutePath().normalize();

    private final String name;
    private final Path folder;
    private final Map<String, String> env;
    private ComposeContainer compose;

    private Lab(String name, Path folder, Map<String, String> env) {
        this.name = name;
        this.folder = folder;
        this.env = env;
        this.compose = made();
    }

    /**
     * @param parent where the copy goes
     * @param env the variables that the compose file asks for
     */
    static Lab of(String name, Path parent, Map<String, String> env) throws IOException {
        Path folder = parent.resolve(name);
        copy(LABS.resolve(name), folder);
        return new Lab(name, folder, env);
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes a)
                            throws IOException {
                        // What a person's own try of the lab has left there isn't ours to read.
                        if (dir.endsWith("member") || dir.endsWith("jarnetes-data")) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        Files.createDirectories(to.resolve(from.relativize(dir)));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes a)
                            throws IOException {
                        Path target = to.resolve(from.relativize(file));
                        if (!file.endsWith("compose.yaml")) {
                            Files.copy(file, target);
                        } else {
                            Files.writeString(target, withoutFixedNames(file));
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    private static String withoutFixedNames(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.strip().startsWith("container_name:"))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private ComposeContainer made() {
        return new ComposeContainer(
                        "lab" + name.substring(0, 2), folder.resolve("compose.yaml").toFile())
                .withPull(false)
                .withEnv(env);
    }

    Path folder() {
        return folder;
    }

    Lab up() {
        compose.start();
        return this;
    }

    /** As {@code docker compose down --volumes}: what lies in folders stays. */
    void down() {
        compose.stop();
        compose = made();
    }

    /** The engine's ID of a service's container. */
    String container(String service) {
        // With its number, which Testcontainers would read out of a name such as etcd-1.
        return compose.getContainerByServiceName(service + "-1")
                .orElseThrow(() -> new AssertionError(name + " has no container " + service))
                .getContainerId();
    }

    @Override
    public void close() {
        compose.stop();
        if (!Files.exists(folder)) {
            return;
        }
        // Files of the containers' root, which the tests' user may not be.
        docker(
                "run",
                "--rm",
                "--network=none",
                "--volume=" + folder.getParent() + ":/labs",
                "--entrypoint=/bin/rm",
                IMAGE,
                "-rf",
                "/labs/" + name);
    }

    /** The output of a docker command that succeeds. */
    static String docker(String... words) {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            try (InputStream out = process.getInputStream()) {
                String text = new String(out.readAllBytes(), StandardCharsets.UTF_8);
                assertThat(process.waitFor()).as(command + "\n" + text).isZero();
                return text.strip();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
