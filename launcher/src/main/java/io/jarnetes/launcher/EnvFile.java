package io.jarnetes.launcher;

import java.nio.file.Path;

/** The export lines that kubectl and etcdctl need. */
final class EnvFile {

    private EnvFile() {}

    static String text(ControlPlane cluster) {
        StringBuilder text = new StringBuilder();
        line(text, "KUBECONFIG", cluster.kubeconfig().toString());
        line(text, "ETCDCTL_API", "3");
        line(text, "ETCDCTL_ENDPOINTS", String.join(",", cluster.etcdEndpoints()));
        if (!cluster.insecureEtcd()) {
            file(text, "ETCDCTL_CACERT", cluster.pki().certificate("etcd/ca"));
            file(text, "ETCDCTL_CERT", cluster.pki().certificate("etcd/healthcheck-client"));
            file(text, "ETCDCTL_KEY", cluster.pki().key("etcd/healthcheck-client"));
        }
        return text.toString();
    }

    private static void file(StringBuilder text, String name, Path value) {
        line(text, name, value.toString());
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("export ").append(name).append('=').append(Shell.quoted(value)).append('\n');
    }
}
