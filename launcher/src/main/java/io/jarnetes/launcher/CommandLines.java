package io.jarnetes.launcher;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The command line of every component, the same whether it runs in this process or in one of its
 * own.
 */
final class CommandLines {

    private static final String SERVICE_RANGE = "--service-cluster-ip-range=10.0.0.0/24";

    private final UpOptions options;
    private final Ports ports;
    private final Path dir;
    private final Path pki;
    private final String identity;

    CommandLines(UpOptions options, Ports ports, Path dir, String identity) {
        this.options = options;
        this.ports = ports;
        this.dir = dir;
        this.pki = dir.resolve("pki");
        this.identity = identity;
    }

    /** One component: its name, the program that it is, and its arguments. */
    record Line(String component, String program, List<String> args) {}

    /** All, in the order in which they depend on each other. */
    List<Line> all() {
        List<Line> lines = new ArrayList<>();
        for (int member = 1; member <= options.members(); member++) {
            lines.add(new Line("etcd-" + member, "etcd", etcd(member)));
        }
        lines.add(new Line("kube-apiserver", "kube-apiserver", apiserver()));
        lines.add(
                new Line(
                        "kube-controller-manager", "kube-controller-manager", controllerManager()));
        lines.add(new Line("kube-scheduler", "kube-scheduler", scheduler()));
        if (options.nodes() > 0) {
            lines.add(new Line("node", "node", nodes()));
        }
        return lines;
    }

    /** The client URLs of all members. */
    List<String> etcdEndpoints() {
        return ports.etcdClients().stream().map(port -> url(port)).toList();
    }

    String apiserverUrl() {
        return "https://127.0.0.1:" + ports.apiserver();
    }

    private String url(int port) {
        return (options.insecureEtcd() ? "http" : "https") + "://127.0.0.1:" + port;
    }

    private String file(String name) {
        return pki.resolve(name).toString();
    }

    private List<String> etcd(int member) {
        String client = url(ports.etcdClients().get(member - 1));
        String listen = client.replace(UpOptions.LOOPBACK, options.bindAddress());
        String peer = url(ports.etcdPeers().get(member - 1));
        String cluster =
                IntStream.rangeClosed(1, options.members())
                        .mapToObj(i -> "etcd-" + i + "=" + url(ports.etcdPeers().get(i - 1)))
                        .collect(Collectors.joining(","));
        List<String> args = new ArrayList<>();
        args.add("--name=etcd-" + member);
        args.add("--data-dir=" + dir.resolve("etcd-" + member));
        args.add("--listen-client-urls=" + listen);
        args.add("--advertise-client-urls=" + client);
        args.add("--listen-peer-urls=" + peer);
        args.add("--initial-advertise-peer-urls=" + peer);
        args.add("--initial-cluster=" + cluster);
        args.add("--initial-cluster-state=new");
        args.add("--initial-cluster-token=jarnetes");
        if (!options.insecureEtcd()) {
            args.add("--cert-file=" + file("etcd/server.crt"));
            args.add("--key-file=" + file("etcd/server.key"));
            args.add("--client-cert-auth");
            args.add("--trusted-ca-file=" + file("etcd/ca.crt"));
            args.add("--peer-cert-file=" + file("etcd/peer.crt"));
            args.add("--peer-key-file=" + file("etcd/peer.key"));
            args.add("--peer-client-cert-auth");
            args.add("--peer-trusted-ca-file=" + file("etcd/ca.crt"));
        }
        return args;
    }

    private List<String> apiserver() {
        List<String> args = new ArrayList<>();
        args.add("--bind-address=" + options.bindAddress());
        args.add("--secure-port=" + ports.apiserver());
        args.add("--etcd-servers=" + String.join(",", etcdEndpoints()));
        if (!options.insecureEtcd()) {
            args.add("--etcd-cafile=" + file("etcd/ca.crt"));
            args.add("--etcd-certfile=" + file("apiserver-etcd-client.crt"));
            args.add("--etcd-keyfile=" + file("apiserver-etcd-client.key"));
        }
        args.add("--anonymous-auth=false");
        args.add("--authorization-mode=Node,RBAC");
        args.add("--enable-admission-plugins=NodeRestriction");
        args.add("--client-ca-file=" + file("ca.crt"));
        args.add("--tls-cert-file=" + file("kube-api-server.crt"));
        args.add("--tls-private-key-file=" + file("kube-api-server.key"));
        args.add("--service-account-issuer=https://kubernetes.default.svc.cluster.local");
        args.add("--service-account-key-file=" + file("service-accounts.crt"));
        args.add("--service-account-signing-key-file=" + file("service-accounts.key"));
        args.add(SERVICE_RANGE);
        args.add("--encryption-provider-config=" + file("encryption-config.yaml"));
        args.add("--storage-media-type=" + options.storageMediaType());
        args.add("--v=" + options.verbosity());
        return args;
    }

    private List<String> controllerManager() {
        return List.of(
                "--kubeconfig=" + file("kube-controller-manager.kubeconfig"),
                "--bind-address=127.0.0.1",
                "--secure-port=" + ports.controllerManager(),
                "--use-service-account-credentials=true",
                "--service-account-private-key-file=" + file("service-accounts.key"),
                "--root-ca-file=" + file("ca.crt"),
                "--cluster-signing-cert-file=" + file("ca.crt"),
                "--cluster-signing-key-file=" + file("ca.key"),
                "--cluster-name=kubernetes",
                "--cluster-cidr=10.200.0.0/16",
                SERVICE_RANGE,
                "--leader-elect-identity=" + identity,
                "--v=" + options.verbosity());
    }

    private List<String> scheduler() {
        return List.of(
                "--kubeconfig=" + file("kube-scheduler.kubeconfig"),
                "--bind-address=127.0.0.1",
                "--secure-port=" + ports.scheduler(),
                "--leader-elect-identity=" + identity,
                "--v=" + options.verbosity());
    }

    private List<String> nodes() {
        return IntStream.range(0, options.nodes())
                .mapToObj(i -> "--kubeconfig=" + file("node-" + i + ".kubeconfig"))
                .toList();
    }
}
