package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.FreePorts;
import io.jarnetes.base.Invocation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
                    .isEqualTo(
                            "port %s for kube-apiserver is in use: stop what listens there, or choose others with --apiserver-port or with --ephemeral-ports"
                                    .formatted(port));
            assertThat(data).doesNotExist();
            Files.createDirectories(data);
            refusal(
                    new UpCommand(),
                    "--ephemeral-ports",
                    "--apiserver-port=" + port,
                    "--data-dir=" + data);
            assertThat(data).isEmptyDirectory();
        }
    }

    @Test
    void aPortThatTheClusterKeeps() throws Exception {
        Path data = dir.resolve("data");
        ControlPlane.prepare(UpOptions.ephemeral(data).withMembers(1).withNodes(0));
        String before = Files.readString(data.resolve("jarnetes.properties"));
        int kept;
        try (DataDirectory directory = DataDirectory.open(data)) {
            kept = directory.peerPorts().get(0);
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), kept));
            assertThat(
                            refusal(
                                    new UpCommand(),
                                    "--ephemeral-ports",
                                    "--members=1",
                                    "--nodes=0",
                                    "--data-dir=" + data))
                    .isEqualTo(
                            "port %d for etcd peers is in use: stop what listens there, for the cluster in the data directory keeps this port"
                                    .formatted(kept));
        }
        assertThat(data.resolve("pki/admin.crt")).exists();
        assertThat(Files.readString(data.resolve("jarnetes.properties"))).isEqualTo(before);
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
        String peer = String.valueOf(FreePorts.take(1).get(0));
        assertThat(
                        refusal(
                                new UpCommand(),
                                "--ephemeral-ports",
                                "--members=1",
                                "--etcd-peer-ports=" + peer,
                                "--data-dir=" + dir.resolve("data")))
                .contains("holds a cluster whose members keep the peer ports")
                .contains("--etcd-peer-ports is " + peer);
        assertThat(
                        refusal(
                                new UpCommand(),
                                "--ephemeral-ports",
                                "--members=1",
                                "--insecure-etcd",
                                "--data-dir=" + dir.resolve("data")))
                .contains("holds a cluster whose etcd members speak TLS");
    }

    @Test
    void aDirectoryOfABareEtcd() throws Exception {
        Path member = Files.createDirectories(dir.resolve("default.etcd/member"));
        assertThat(
                        refusal(
                                new UpCommand(),
                                "--ephemeral-ports",
                                "--data-dir=" + member.getParent()))
                .contains("holds member and no jarnetes.properties");
        assertThat(Files.list(dir.resolve("default.etcd"))).containsExactly(member);
    }

    @Test
    void whatCantBeMadeLeavesNothing() throws Exception {
        // A first start in which the last of the certificates' files can't be written.
        Path data = dir.resolve("data");
        Files.createDirectories(data.resolve("logs"));
        UpOptions options = UpOptions.ephemeral(data).withMembers(1).withNodes(0);
        try (DataDirectory directory = DataDirectory.open(data)) {
            directory.check(options);
            Files.createDirectories(data.resolve("pki/etcd"));
            Files.writeString(data.resolve("pki/admin.key"), "half");
            Files.createDirectories(data.resolve("etcd-1/member"));
            directory.discard();
        }
        try (Stream<Path> left = Files.list(data)) {
            assertThat(left.map(file -> String.valueOf(file.getFileName())))
                    .containsExactlyInAnyOrder("logs", "jarnetes.lock");
        }
        // What an earlier start made stays, and what failed may be tried again.
        ControlPlane.prepare(options);
        try (DataDirectory directory = DataDirectory.open(data)) {
            directory.discard();
        }
        assertThat(data.resolve("pki/admin.key")).exists();
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
        assertThat(refusal(new UpCommand(), "--apiserver-port=70000"))
                .isEqualTo("--apiserver-port: \"70000\" is no port");
        assertThat(refusal(new UpCommand(), "--data-dir="))
                .isEqualTo("--data-dir is empty: it wants a directory");
        assertThat(refusal(new EnvCommand(), "more"))
                .isEqualTo("`env` takes flags only, not \"more\"");
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
