package io.jarnetes.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.jarnetes.base.Invocation;
import io.jarnetes.pki.PkiException;
import io.jarnetes.pki.PkiFolder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pki init}, {@code inspect} and {@code renew} as they are typed; openssl judges. */
class PkiCommandTest {

    @TempDir Path dir;

    private String pki(String... words) throws Exception {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(text, true, StandardCharsets.UTF_8);
        int status =
                new PkiCommand()
                        .run(
                                new Invocation(
                                        List.of(words),
                                        Map.of(),
                                        out,
                                        out,
                                        new CompletableFuture<>()));
        assertThat(status).isZero();
        return text.toString(StandardCharsets.UTF_8);
    }

    private String openssl(String words) throws Exception {
        return new PkiFolder(dir).openssl(words);
    }

    private Map<String, String> contents() throws IOException {
        return new PkiFolder(dir).contents();
    }

    @Test
    void initTakesNamesDaysAndAlgorithm() throws Exception {
        String[] words = {
            "init",
            "--out",
            dir.toString(),
            "--san",
            "k8s.example,192.0.2.1",
            "--days",
            "7",
            "--algorithm",
            "rsa-2048",
            "--nodes",
            "node-0"
        };
        pki(words);
        for (String server : List.of("kube-api-server", "etcd/server", "etcd/peer")) {
            assertThat(openssl("x509 -in " + server + ".crt -noout -text"))
                    .contains("DNS:k8s.example", "IP Address:192.0.2.1", "(2048 bit)");
            openssl("x509 -in " + server + ".crt -noout -checkend " + 6 * 86_400);
        }
        assertThat(openssl("x509 -in ca.crt -noout -text")).contains("(2048 bit)");
        Map<String, String> before = contents();
        pki(words);
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void inspectIsATable() throws Exception {
        pki("init", "--out", dir.toString(), "--days", "30");
        List<String> lines = pki("inspect", dir.toString()).lines().toList();
        assertThat(lines.get(0)).containsPattern("^NAME +SUBJECT +USAGES +SANS +DAYS LEFT$");
        assertThat(lines).hasSize(1 + 2 + 8 + 4);
        assertThat(lines)
                .anyMatch(line ->
                        line.matches(
                                "node-0 .*O=system:nodes,CN=system:node:node-0 +client,server"
                                        + " +node-0,127\\.0\\.0\\.1 +29"))
                .anyMatch(line -> line.matches("etcd/ca +CN=etcd-ca +ca +29"));
    }

    @Test
    void renewKeepsKeysAndAuthorityUnlessNewOnesAreAskedFor() throws Exception {
        pki("init", "--out", dir.toString(), "--days", "1", "--nodes", "node-0,node-7");
        Map<String, String> before = contents();
        pki("renew", dir.toString(), "--days", "90");
        Map<String, String> renewed = contents();
        for (String kept : List.of("ca.crt", "ca.key", "etcd/ca.crt", "etcd/ca.key", "admin.key")) {
            assertThat(renewed.get(kept)).as(kept).isEqualTo(before.get(kept));
        }
        for (String name : List.of("admin", "node-7", "etcd/peer")) {
            openssl("x509 -in " + name + ".crt -noout -checkend " + 89 * 86_400);
        }
        pki("renew", dir.toString(), "--new-keys");
        Map<String, String> fresh = contents();
        assertThat(fresh.get("ca.key")).isEqualTo(before.get("ca.key"));
        assertThat(fresh.get("admin.key")).isNotEqualTo(before.get("admin.key"));
        assertThat(openssl("verify -CAfile ca.crt admin.crt")).contains("OK");
        assertThat(openssl("x509 -in admin.crt -noout -pubkey"))
                .isEqualTo(openssl("pkey -in admin.key -pubout"));
    }

    @Test
    void renewalsKeepAddressesAsTheyAre() throws Exception {
        pki("init", "--out", dir.toString(), "--san", "2001:db8::1");
        String names = openssl("x509 -in etcd/server.crt -noout -ext subjectAltName");
        pki("renew", dir.toString());
        pki("renew", dir.toString());
        assertThat(openssl("x509 -in etcd/server.crt -noout -ext subjectAltName")).isEqualTo(names);
        assertThat(pki("inspect", dir.toString())).contains("127.0.0.1,::1,", "2001:db8::1");
    }

    private String refusal(String... words) {
        Throwable thrown = catchThrowable(() -> pki(words));
        assertThat(thrown).isInstanceOfAny(UserException.class, PkiException.class);
        return String.valueOf(thrown.getMessage());
    }

    @Test
    void whatCantBeIsRefusedBeforeAnythingIsMade() throws Exception {
        String out = dir.resolve("new").toString();
        assertThat(refusal("init", "--out", out, "--san", "bad name"))
                .isEqualTo("--san: \"bad name\" is neither a DNS name nor an IP address");
        assertThat(refusal("init", "--out", out, "--san", "1.2.3.999")).contains("\"1.2.3.999\"");
        assertThat(refusal("init", "--out", out, "--nodes", "Node_1"))
                .isEqualTo(
                        "--nodes: \"Node_1\" can't be a node's name: lower case letters, digits,"
                                + " '-' and '.'");
        assertThat(refusal("init", "--out", out, "--days", "9999999"))
                .isEqualTo(
                        "--days 9999999: at most 2900000, for certificates end before the year"
                                + " 10000");
        assertThat(refusal("init", "--out", out, "--new-keys"))
                .isEqualTo("`pki init` has no flag --new-keys");
        assertThat(refusal("init", "--out", out, "more"))
                .isEqualTo("`pki init` takes flags only, not \"more\"");
        assertThat(refusal("renew", dir.toString(), "--out", out))
                .isEqualTo("`pki renew` has no flag --out");
        assertThat(dir).isEmptyDirectory();
        Path file = Files.writeString(dir.resolve("file"), "");
        assertThat(refusal("init", "--out", file.toString()))
                .isEqualTo(file + " is a file, and a directory is wanted");
        pki("init", "--out", out, "--days", "2900000", "--san", "*.example.org,::1,10.0.0.7");
    }

    @Test
    void anAuthorityThatCantSignIsNotUsed() throws Exception {
        pki("init", "--out", dir.toString());
        Map<String, String> before = contents();
        Files.copy(
                dir.resolve("etcd/ca.crt"),
                dir.resolve("ca.crt"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(refusal("renew", dir.toString()))
                .isEqualTo(
                        "%s isn't an authority with the key of %s: bring the right pair back"
                                .formatted(dir.resolve("ca.crt"), dir.resolve("ca.key")));
        assertThat(contents().get("admin.crt")).isEqualTo(before.get("admin.crt"));
    }
}
