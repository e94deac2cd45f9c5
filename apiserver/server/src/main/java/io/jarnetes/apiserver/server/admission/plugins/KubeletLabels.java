package io.jarnetes.apiserver.server.admission.plugins;

import java.util.Set;

/** Labels under kubernetes.io that a kubelet may set on its own Node. */
final class KubeletLabels {

    private static final Set<String> ALLOWED =
            Set.of(
                    "kubernetes.io/hostname",
                    "kubernetes.io/arch",
                    "kubernetes.io/os",
                    "topology.kubernetes.io/region",
                    "topology.kubernetes.io/zone",
                    "failure-domain.beta.kubernetes.io/region",
                    "failure-domain.beta.kubernetes.io/zone",
                    "node.kubernetes.io/instance-type",
                    "beta.kubernetes.io/instance-type",
                    "beta.kubernetes.io/os",
                    "beta.kubernetes.io/arch",
                    "node.kubernetes.io/windows-build");
    private static final Set<String> ALLOWED_NAMESPACES =
            Set.of("kubelet.kubernetes.io", "node.kubernetes.io");

    private KubeletLabels() {}

    static boolean forbidden(String label) {
        int slash = label.indexOf('/');
        String namespace = slash < 0 ? "" : label.substring(0, slash);
        if (under(namespace, "node-restriction.kubernetes.io")) {
            return true;
        }
        boolean ours = under(namespace, "kubernetes.io") || under(namespace, "k8s.io");
        boolean allowed =
                ALLOWED.contains(label)
                        || ALLOWED_NAMESPACES.stream().anyMatch(n -> under(namespace, n));
        return ours && !allowed;
    }

    private static boolean under(String namespace, String domain) {
        return namespace.equals(domain) || namespace.endsWith("." + domain);
    }
}
