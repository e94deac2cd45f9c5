package io.jarnetes.apiserver.server;

import io.jarnetes.apiserver.server.storage.EtcdConnection;
import io.jarnetes.apiserver.server.storage.FakeEtcdKv;
import io.jarnetes.base.flags.FlagException;
import io.jarnetes.base.log.Log;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A whole API server with sockets, certificates and every filter, on an etcd in memory. {@link
 * #FLAGS} are what upstream's must be started with to be comparable.
 */
final class ServedApi implements AutoCloseable {

    static final List<String> FLAGS =
            List.of(
                    "--bind-address=127.0.0.1",
                    "--advertise-address=192.0.2.10",
                    "--service-cluster-ip-range=10.0.0.0/24",
                    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
                    "--authorization-mode=Node,RBAC",
                    "--enable-admission-plugins=NodeRestriction");

    /** Who there is, each by the token that is the name. */
    static final String TOKENS =
            """
            admin,root,1,"system:masters"
            bob,bob,2,"devs,ops"
            eve,eve,3
            node-1,system:node:node-1,4,"system:nodes"
            node-2,system:node:node-2,5,"system:nodes"
            """;

    private final FakeEtcdKv etcd = new FakeEtcdKv();
    private final ApiServer server;

    ServedApi(Path dir, String... more) throws IOException, FlagException {
        KeyPair pair = signer();
        Path key = pem(dir.resolve("sa.key"), "PRIVATE KEY", pair.getPrivate().getEncoded());
        Path open = pem(dir.resolve("sa.pub"), "PUBLIC KEY", pair.getPublic().getEncoded());
        Path tokens = Files.writeString(dir.resolve("tokens"), TOKENS);
        List<String> words = new ArrayList<>(FLAGS);
        words.addAll(
                List.of(
                        "--secure-port=0",
                        "--etcd-servers=http://127.0.0.1:1",
                        "--cert-dir=" + dir.resolve("certs"),
                        "--service-account-key-file=" + open,
                        "--service-account-signing-key-file=" + key,
                        "--token-auth-file=" + tokens));
        words.addAll(List.of(more));
        ApiServerFlags flags = new ApiServerFlags();
        flags.parse(words);
        server =
                ApiServer.start(
                        flags.config(),
                        (config, loops) -> EtcdConnection.to(etcd),
                        Log.none(),
                        new CompletableFuture<>());
    }

    private static KeyPair signer() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path pem(Path file, String label, byte[] der) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return Files.writeString(
                file, "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n");
    }

    URI url() {
        return URI.create("https://127.0.0.1:" + server.address().getPort());
    }

    FakeEtcdKv etcd() {
        return etcd;
    }

    @Override
    public void close() {
        server.close();
    }
}
