package io.jarnetes.pki;

import java.time.Duration;
import java.util.List;

/**
 * What {@link PkiDirectory#init} makes.
 *
 * @param algorithm of the keys
 * @param validity of all certificates; generate.sh's live 3653 days
 * @param hosts more names and addresses of the API server and of etcd's members
 * @param nodes names of the nodes that get credentials
 * @param adminServer the URL in the administrator's kubeconfig
 * @param componentServer the URL in the other kubeconfigs
 */
public record PkiOptions(
        Algorithm algorithm,
        Duration validity,
        List<String> hosts,
        List<String> nodes,
        String adminServer,
        String componentServer) {

    /** The days that generate.sh's certificates live. */
    public static final int DEFAULT_DAYS = 3653;

    public PkiOptions {
        hosts = List.copyOf(hosts);
        nodes = List.copyOf(nodes);
    }

    /** As the workshop has it. */
    public static PkiOptions workshop() {
        return new PkiOptions(
                Algorithm.ECDSA_P256,
                Duration.ofDays(DEFAULT_DAYS),
                List.of(),
                List.of("node-0", "node-1"),
                "https://127.0.0.1:6443",
                "https://kube-apiserver:6443");
    }
}
