package io.jarnetes.pki;

import static io.jarnetes.pki.Profile.Authority.CLUSTER;
import static io.jarnetes.pki.Profile.Authority.ETCD;
import static io.jarnetes.pki.Profile.Usage.CLIENT;
import static io.jarnetes.pki.Profile.Usage.SERVER;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The certificates of a cluster: those of the workshop's generate.sh (after Kelsey Hightower's
 * "Kubernetes the hard way", ca.conf) and, below {@code etcd/}, those that kubeadm names.
 *
 * <p>Three things differ from generate.sh on purpose: no Netscape certificate types (curl and Java
 * refuse a server whose type says client), the scheduler's group is {@code system:kube-scheduler},
 * and the API server is also named by {@code localhost} and by the first address of the workshop's
 * service range, 10.0.0.1, which is what pods dial.
 */
public final class Profiles {

    private static final Set<Profile.Usage> BOTH = Set.of(CLIENT, SERVER);

    private Profiles() {}

    /** The administrator, in {@code system:masters}. */
    public static Profile admin() {
        return new Profile(
                "admin",
                CLUSTER,
                "admin",
                List.of("system:masters"),
                false,
                Set.of(CLIENT),
                List.of());
    }

    /** A node's kubelet, {@code system:node:<name>}. */
    public static Profile node(String name) {
        return component(name, "system:node:" + name, "system:nodes", name);
    }

    public static Profile kubeProxy() {
        return component("kube-proxy", "system:kube-proxy", "system:node-proxier", "kube-proxy");
    }

    public static Profile kubeScheduler() {
        return component(
                "kube-scheduler",
                "system:kube-scheduler",
                "system:kube-scheduler",
                "kube-scheduler");
    }

    public static Profile kubeControllerManager() {
        return component(
                        "kube-controller-manager",
                        "system:kube-controller-manager",
                        "system:kube-controller-manager",
                        "kube-proxy")
                .withHosts(List.of("kube-controller-manager"));
    }

    /**
     * @param hosts more names and addresses for it
     */
    public static Profile kubeApiServer(List<String> hosts) {
        List<String> names =
                List.of(
                        "127.0.0.1",
                        "10.32.0.1",
                        "10.0.0.1",
                        "kubernetes",
                        "kubernetes.default",
                        "kubernetes.default.svc",
                        "kubernetes.default.svc.cluster",
                        "kubernetes.svc.cluster.local",
                        "kubernetes.default.svc.cluster.local",
                        "server.kubernetes.local",
                        "api-server.kubernetes.local",
                        "kube-apiserver",
                        "localhost");
        return new Profile(
                        "kube-api-server", CLUSTER, "kube-apiserver", List.of(), true, BOTH, names)
                .withHosts(hosts);
    }

    /** The key pair that signs service accounts' tokens, in a certificate as generate.sh has it. */
    public static Profile serviceAccounts() {
        return new Profile(
                "service-accounts",
                CLUSTER,
                "service-accounts",
                List.of(),
                false,
                Set.of(CLIENT),
                List.of());
    }

    /**
     * @param hosts the names of the members, as in their URLs
     */
    public static Profile etcdServer(List<String> hosts) {
        return etcd("etcd/server", "etcd-server", BOTH, hosts);
    }

    /**
     * @param hosts the names of the members, as in their URLs
     */
    public static Profile etcdPeer(List<String> hosts) {
        return etcd("etcd/peer", "etcd-peer", BOTH, hosts);
    }

    public static Profile etcdHealthcheckClient() {
        return new Profile(
                "etcd/healthcheck-client",
                ETCD,
                "kube-etcd-healthcheck-client",
                List.of(),
                false,
                Set.of(CLIENT),
                List.of());
    }

    public static Profile apiserverEtcdClient() {
        return new Profile(
                "apiserver-etcd-client",
                ETCD,
                "kube-apiserver-etcd-client",
                List.of(),
                false,
                Set.of(CLIENT),
                List.of());
    }

    /**
     * All of them.
     *
     * @param nodes the names of the nodes
     * @param hosts more names and addresses for the API server and the members of etcd
     */
    public static List<Profile> all(List<String> nodes, List<String> hosts) {
        List<Profile> all = new ArrayList<>();
        all.add(admin());
        nodes.forEach(node -> all.add(node(node)));
        all.add(kubeProxy());
        all.add(kubeScheduler());
        all.add(kubeControllerManager());
        all.add(kubeApiServer(hosts));
        all.add(serviceAccounts());
        all.add(etcdServer(hosts));
        all.add(etcdPeer(hosts));
        all.add(etcdHealthcheckClient());
        all.add(apiserverEtcdClient());
        return List.copyOf(all);
    }

    private static Profile component(String file, String user, String group, String host) {
        return new Profile(
                file, CLUSTER, user, List.of(group), true, BOTH, List.of(host, "127.0.0.1"));
    }

    private static Profile etcd(
            String file, String name, Set<Profile.Usage> usages, List<String> hosts) {
        List<String> names = List.of("localhost", "127.0.0.1", "::1", "etcd-1", "etcd-2", "etcd-3");
        return new Profile(file, ETCD, name, List.of(), false, usages, names).withHosts(hosts);
    }
}
