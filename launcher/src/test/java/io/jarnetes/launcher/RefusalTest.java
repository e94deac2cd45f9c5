package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.Invocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the way is said in one sentence, and nothing is half-made. */
class RefusalTest {

    @TempDir Path dir;

    private String refusal(io.jarnetes.base.Program program, String... words) throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);
        Invocation invocation =
                new Invocation(List.of(words), Map.of(), out, out, new CompletableFuture<>());
        Throwable thrown = Assertions.catchThrowable(() -> program.run(invocation));
        assertThat(thrown).isInstanceOfAny(UserException.class, io.jarnetes.pki.PkiException.class);
        String message = String.valueOf(thrown.getMessage());
        assertThat(message).doesNotContain("\n").doesNotContain("Exception");
        return message;
    }

    private boolean empty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return true;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.allMatch(file -> file.endsWith("jarnetes.lock"));
        }
    }

    @Test
    void aPortInUse() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(socket.getLocalPort());
            Path data = dir.resolve("data");
            assertThat(
                            refusal(
                                    new UpCommand(),
                                    "--ephemeral-ports",
                                    "--apiserver-port=" + port,
                                    "--data-dir=" + data))
                    .startsWith("port " + port + " for kube-apiserver is in use")
                    .contains("--apiserver-port");
            assertThat(empty(data)).isTrue();
        }
    }

    @Test
    void aDirectoryOfSomethingElse() throws Exception {
        Files.writeString(dir.resolve("thesis.txt"), "mine");
        assertThat(refusal(new UpCommand(), "--ephemeral-ports", "--data-dir=" + dir))
                .contains("holds thesis.txt", "not a data directory of jarnetes");
        assertThat(Files.list(dir)).hasSize(1);
    }

    @Test
    void aFileInPlaceOfADirectory() throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "");
        assertThat(refusal(new UpCommand(), "--ephemeral-ports", "--data-dir=" + file))
                .contains("is a file");
    }

    @Test
    void aDirectoryOfAnotherCluster() throws Exception {
        UpOptions one = UpOptions.ephemeral(dir.resolve("data")).withMembers(1).withNodes(0);
        ControlPlane.prepare(one);
        assertThat(
                        refusal(
                                new UpCommand(),
                                "--ephemeral-ports",
                                "--members=3",
                                "--data-dir=" + dir.resolve("data")))
                .contains("holds a cluster of 1 members, and --members is 3");
    }

    @Test
    void aRunningInstance() throws Exception {
        Path data = dir.resolve("data");
        try (DataDirectory held = DataDirectory.open(data)) {
            assertThat(held.path()).isEqualTo(data);
            assertThat(refusal(new UpCommand(), "--ephemeral-ports", "--data-dir=" + data))
                    .contains("is in use by a running jarnetes");
        }
    }

    @Test
    void wrongFlags() throws Exception {
        assertThat(refusal(new UpCommand(), "--nope")).startsWith("unknown flag: --nope");
        assertThat(refusal(new UpCommand(), "--members=0")).contains("at least 1");
        assertThat(refusal(new UpCommand(), "--storage-media-type=text/plain"))
                .contains("application/json");
        assertThat(refusal(new UpCommand(), "--etcd-client-ports=a,b,c"))
                .contains("\"a\" is no port");
        assertThat(refusal(new PkiCommand(), "init")).contains("--out DIR");
        assertThat(refusal(new PkiCommand(), "inspect", dir.toString()))
                .contains("jarnetes pki init");
    }

    @Test
    void nothingRuns() throws Exception {
        assertThat(refusal(new EnvCommand(), "--data-dir=" + dir))
                .startsWith("no control plane is ready on");
    }

    @Test
    void anExpiredCertificate() throws Exception {
        UpOptions options = UpOptions.ephemeral(dir.resolve("data")).withMembers(1).withNodes(0);
        ControlPlane.prepare(options);
        Path certificate = dir.resolve("data/pki/admin.crt");
        Process openssl =
                new ProcessBuilder(
                                "openssl",
                                "x509",
                                "-in",
                                "admin.crt",
                                "-signkey",
                                "admin.key",
                                "-days",
                                "-1",
                                "-out",
                                "admin.crt.new")
                        .directory(dir.resolve("data/pki").toFile())
                        .start();
        assertThat(openssl.waitFor()).isZero();
        Files.move(
                dir.resolve("data/pki/admin.crt.new"),
                certificate,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(
                        refusal(
                                new UpCommand(),
                                "--ephemeral-ports",
                                "--members=1",
                                "--nodes=0",
                                "--data-dir=" + dir.resolve("data")))
                .contains("admin.crt ended on", "jarnetes pki renew");
    }
}
