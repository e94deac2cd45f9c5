package io.jarnetes.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.FreePorts;
import io.jarnetes.base.Invocation;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The program as it is called; no etcd runs, and what is wrong is said without one. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class KubeApiserverTest {

    @TempDir Path dir;

    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private List<String> usual = List.of();

    @BeforeEach
    void keys() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        Path signing = pem("sa.key", "PRIVATE KEY", pair.getPrivate().getEncoded());
        Path verifying = pem("sa.pub", "PUBLIC KEY", pair.getPublic().getEncoded());
        usual =
                List.of(
                        "--bind-address=127.0.0.1",
                        "--advertise-address=192.0.2.10",
                        "--secure-port=0",
                        "--etcd-servers=http://127.0.0.1:" + FreePorts.take(1).get(0),
                        "--cert-dir=" + dir,
                        "--service-account-issuer=https://issuer",
                        "--service-account-key-file=" + verifying,
                        "--service-account-signing-key-file=" + signing,
                        "--service-cluster-ip-range=10.0.0.0/24");
    }

    private Path pem(String name, String label, byte[] der) throws Exception {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(
                dir.resolve(name),
                "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }

    private int run(String... more) throws Exception {
        List<String> words = new ArrayList<>(usual);
        words.addAll(List.of(more));
        output.reset();
        PrintStream out = new PrintStream(output, true, StandardCharsets.UTF_8);
        return new KubeApiserver().run(new Invocation(words, Map.of(), out, out, stop));
    }

    private String refusal(String... more) throws Exception {
        assertThat(run(more)).as(output.toString(StandardCharsets.UTF_8)).isEqualTo(1);
        return output.toString(StandardCharsets.UTF_8);
    }

    private static String failed(String why) {
        return "\"command failed\" err=\"" + why.replace("\"", "\\\"") + "\"\n";
    }

    @Test
    void whatFilesAndFlagsSayIsReadFirst() throws Exception {
        String missing = "open /nope: no such file or directory";
        for (String flag :
                List.of(
                        "service-account-key-file=/nope",
                        "service-account-signing-key-file=/nope",
                        "client-ca-file=/nope",
                        "token-auth-file=/nope",
                        "etcd-cafile=/nope")) {
            assertThat(refusal("--" + flag)).as(flag).endsWith(failed(missing));
        }
        assertThat(refusal("--tls-cert-file=/nope", "--tls-private-key-file=/nope"))
                .endsWith(failed(missing));
        assertThat(refusal("--encryption-provider-config=/nope"))
                .endsWith(
                        failed(
                                "error while parsing file: error while loading file: error reading"
                                        + " encryption provider configuration file \"/nope\": "
                                        + missing));
        assertThat(refusal("--secure-port=70000"))
                .endsWith(
                        failed(
                                "--secure-port 70000 must be between 1 and 65535, inclusive. It"
                                        + " cannot be turned off with 0"));
        assertThat(refusal("--enable-admission-plugins=Foo"))
                .endsWith(failed("enable-admission-plugins plugin \"Foo\" is unknown"));
        assertThat(refusal("--runtime-config=foo=bar"))
                .endsWith(failed("runtime-config invalid key foo"));
        assertThat(refusal("--authorization-mode=Foo"))
                .endsWith(failed("authorization-mode \"Foo\" is not a valid mode"));
        assertThat(refusal("a", "b"))
                .isEqualTo(
                        "Error: \"kube-apiserver\" does not take any arguments, got [\"a\""
                                + " \"b\"]\n");
    }

    @Test
    void itStopsWhileItWaitsForEtcd() throws Exception {
        CompletableFuture<Integer> status =
                CompletableFuture.supplyAsync(() -> {
                    try {
                        return run();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                });
        while (!output.toString(StandardCharsets.UTF_8).contains("Generated self-signed cert")) {
            assertThat(status).isNotDone();
            LockSupport.parkNanos(10_000_000);
        }
        stop.complete(null);
        assertThat(status.get(20, TimeUnit.SECONDS)).isZero();
    }

    @Test
    void helpSaysWhatEachFlagIsFor() throws Exception {
        assertThat(run("--help")).isZero();
        List<String> lines = output.toString(StandardCharsets.UTF_8).lines().toList();
        assertThat(lines)
                .contains(
                        help(
                                "      --secure-port int",
                                "The port to serve HTTPS on (default 6443)"),
                        help("      --audit-log-maxage stringArray", "Accepted, without effect"),
                        help("  -v, --v int", "How much is logged (default 0)"));
        assertThat(lines.stream().filter(line -> line.contains(" --")))
                .hasSizeGreaterThan(100)
                .allMatch(line -> line.matches(" +(-., )?--[-a-z0-9]+( [a-zA-Z0-9]+)? {2,}\\S.*"));
    }

    private static String help(String flag, String text) {
        return String.format(Locale.ROOT, "%-45s%s", flag, text);
    }
}
