package io.jarnetes.etcd.server.mixed;

import io.jarnetes.pki.PkiDirectory;
import io.jarnetes.pki.PkiOptions;
import io.jarnetes.pki.Profiles;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;

/**
 * Mutual TLS between peers.
 *
 * @param ca what both sides trust
 */
record PeerTls(Path ca, Path certificate, Path key) {

    static PeerTls create(Path folder) {
        PkiDirectory pki = new PkiDirectory(folder, Clock.systemUTC(), new SecureRandom());
        pki.issue(PkiOptions.workshop(), List.of(Profiles.etcdPeer(List.of("127.0.0.1"))));
        return new PeerTls(
                pki.certificate("etcd/ca"), pki.certificate("etcd/peer"), pki.key("etcd/peer"));
    }

    List<String> flags() {
        return List.of(
                "--peer-trusted-ca-file=" + ca,
                "--peer-cert-file=" + certificate,
                "--peer-key-file=" + key,
                "--peer-client-cert-auth");
    }
}
