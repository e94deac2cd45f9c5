package io.jarnetes.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.apiserver.server.tree.Trees;
import io.jarnetes.base.Eventually;
import io.jarnetes.base.FreePorts;
import io.jarnetes.base.log.Log;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** API servers on Debian's etcd. */
@Tag("peers")
class ApiServerPeersTest {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @TempDir Path dir;
    private Process etcd;
    private String etcdUrl;
    private final List<ApiServer> servers = new ArrayList<>();
    private HttpClient client;

    @BeforeEach
    void start() throws Exception {
        List<Integer> ports = FreePorts.take(2);
        etcdUrl = "http://127.0.0.1:" + ports.get(0);
        String peer = "http://127.0.0.1:" + ports.get(1);
        String peers = System.getenv("JARNETES_PEERS");
        if (peers == null) {
            throw new IllegalStateException(
                    "JARNETES_PEERS isn't set: run `hack/test --only kubernetes`, or `hack/lib/peers"
                            + " .cache/peers` and set it to that folder's absolute path");
        }
        Path binary = Path.of(peers).resolve("etcd-3.5.30/usr/bin/etcd");
        etcd =
                new ProcessBuilder(
                                binary.toString(),
                                "--name=m",
                                "--data-dir=" + dir.resolve("etcd"),
                                "--listen-client-urls=" + etcdUrl,
                                "--advertise-client-urls=" + etcdUrl,
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=m=" + peer,
                                "--log-level=error")
                        .redirectErrorStream(true)
                        .redirectOutput(dir.resolve("etcd.log").toFile())
                        .start();
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, new TrustManager[] {new AnyServer()}, new SecureRandom());
        client = HttpClient.newBuilder().sslContext(tls).build();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = generator.generateKeyPair();
        Base64.Encoder encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
        Files.writeString(
                dir.resolve("sa.key"),
                "-----BEGIN PRIVATE KEY-----\n"
                        + encoder.encodeToString(pair.getPrivate().getEncoded())
                        + "\n-----END PRIVATE KEY-----\n");
        Files.writeString(
                dir.resolve("sa.pub"),
                "-----BEGIN PUBLIC KEY-----\n"
                        + encoder.encodeToString(pair.getPublic().getEncoded())
                        + "\n-----END PUBLIC KEY-----\n");
        Files.writeString(
                dir.resolve("tokens"), "admin,root,1,\"system:masters\"\nbob,bob,2,\"devs\"\n");
    }

    @AfterEach
    void stop() {
        servers.forEach(ApiServer::close);
        etcd.destroy();
    }

    private ApiServer server(String... more) throws Exception {
        List<String> args =
                new ArrayList<>(
                        List.of(
                                "--bind-address=127.0.0.1",
                                "--secure-port=0",
                                "--advertise-address=192.0.2.10",
                                "--etcd-servers=" + etcdUrl,
                                "--storage-media-type=application/json",
                                "--cert-dir=" + dir.resolve("certs"),
                                "--service-cluster-ip-range=10.0.0.0/24",
                                "--service-account-issuer=https://issuer",
                                "--service-account-key-file=" + dir.resolve("sa.pub"),
                                "--service-account-signing-key-file=" + dir.resolve("sa.key"),
                                "--token-auth-file=" + dir.resolve("tokens")));
        args.addAll(List.of(more));
        ApiServerFlags flags = new ApiServerFlags();
        flags.parse(args);
        ApiServer server = ApiServer.start(flags.config(), Log.none());
        servers.add(server);
        awaitStatus(server, "admin", "/readyz", 200);
        return server;
    }

    private HttpResponse<String> call(
            ApiServer server, String token, String method, String path, String body)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "https://127.0.0.1:" + server.address().getPort() + path))
                        .timeout(Duration.ofSeconds(20))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode admin(ApiServer server, String method, String path, String body)
            throws Exception {
        HttpResponse<String> response =
                call(server, "admin", method, path, body.replace('\'', '"'));
        assertThat(response.statusCode()).as(response.body()).isLessThan(300);
        return MAPPER.readTree(response.body());
    }

    @Test
    void aFreshClusterIsWholeAndRbacHolds() throws Exception {
        ApiServer server = server("--authorization-mode=Node,RBAC");
        assertThat(Trees.items(admin(server, "GET", "/api/v1/namespaces", ""), "items"))
                .extracting(Trees::name)
                .containsExactly("default", "kube-node-lease", "kube-public", "kube-system");
        String rbac = "/apis/rbac.authorization.k8s.io/v1/";
        assertThat(Trees.items(admin(server, "GET", rbac + "clusterroles", ""), "items"))
                .hasSize(69);
        JsonNode endpoints =
                admin(server, "GET", "/api/v1/namespaces/default/endpoints/kubernetes", "");
        assertThat(endpoints.path("subsets").toString()).contains("192.0.2.10");

        String pods = "/api/v1/namespaces/default/pods";
        assertThat(call(server, "bob", "GET", pods, "").body())
                .contains(
                        "pods is forbidden: User \\\"bob\\\" cannot list resource \\\"pods\\\" in"
                                + " API group \\\"\\\" in the namespace \\\"default\\\"");
        assertThat(call(server, "", "GET", pods, "").statusCode()).isEqualTo(403);
        assertThat(call(server, "wrong", "GET", pods, "").statusCode()).isEqualTo(401);
        admin(
                server,
                "POST",
                rbac + "namespaces/default/rolebindings",
                "{'metadata':{'name':'bob'},'roleRef':{'apiGroup':'rbac.authorization.k8s.io',"
                        + "'kind':'ClusterRole','name':'system:aggregate-to-view'},'subjects':[{"
                        + "'kind':'Group','apiGroup':'rbac.authorization.k8s.io','name':'devs'}]}");
        awaitStatus(server, "bob", pods, 200);
    }

    private void awaitStatus(ApiServer server, String token, String path, int status)
            throws Exception {
        Eventually.until(
                status + " for " + path,
                () -> call(server, token, "GET", path, "").statusCode() == status);
    }

    @Test
    void aTokenActsAsItsAccountUntilThePodIsGone() throws Exception {
        ApiServer server = server("--authorization-mode=RBAC");
        String ns = "/api/v1/namespaces/default/";
        admin(server, "POST", ns + "serviceaccounts", "{'metadata':{'name':'robot'}}");
        admin(
                server,
                "POST",
                ns + "pods",
                "{'metadata':{'name':'p'},'spec':{'serviceAccountName':'robot',"
                        + "'containers':[{'name':'c','image':'x'}]}}");
        JsonNode request =
                admin(
                        server,
                        "POST",
                        ns + "serviceaccounts/robot/token",
                        "{'spec':{'boundObjectRef':{'apiVersion':'v1','kind':'Pod','name':'p'}}}");
        String token = Trees.text(request, "status", "token");
        String review = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
        assertThat(call(server, token, "POST", review, "{}").body())
                .contains("system:serviceaccount:default:robot")
                .contains("authentication.kubernetes.io/pod-uid");
        admin(server, "DELETE", ns + "pods/p?gracePeriodSeconds=0", "");
        awaitStatus(server, token, "/api", 401);
    }

    @Test
    void twoServersShareOneEtcdAndARestartChangesNothing() throws Exception {
        ApiServer first = server("--authorization-mode=RBAC");
        ApiServer second = server("--authorization-mode=RBAC");
        admin(first, "POST", "/api/v1/namespaces", "{'metadata':{'name':'shared'}}");
        awaitStatus(second, "admin", "/api/v1/namespaces/shared", 200);
        String roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
        String before = versions(second, roles);
        first.close();
        servers.remove(first);
        ApiServer third = server("--authorization-mode=RBAC");
        assertThat(versions(third, roles)).isEqualTo(before);
    }

    private String versions(ApiServer server, String path) throws Exception {
        List<String> found = new ArrayList<>();
        for (JsonNode item : Trees.items(admin(server, "GET", path, ""), "items")) {
            found.add(Trees.name(item) + Trees.text(item, "metadata", "resourceVersion"));
        }
        return found.toString();
    }

    @Test
    void underAlwaysAllowAnonymousIsRefused() throws Exception {
        ApiServer server = server();
        assertThat(call(server, "", "GET", "/api/v1/namespaces", "").statusCode()).isEqualTo(401);
        assertThat(call(server, "bob", "GET", "/api/v1/namespaces", "").statusCode())
                .isEqualTo(200);
        String roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
        assertThat(Trees.items(admin(server, "GET", roles, ""), "items")).isEmpty();
    }
}
