package io.jarnetes.launcher;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;

/** {@code jarnetes --help}. */
final class Help implements Program {

    private static final String TEXT =
            """
            jarnetes: a whole Kubernetes control plane on a real etcd cluster, in one jar.

            Usage: jarnetes COMMAND [FLAGS]        (each command has --help)

              up                        start etcd, kube-apiserver, kube-controller-manager,
                                        kube-scheduler and simulated nodes, and stay in the foreground
              env                       print the variables that kubectl and etcdctl need
              pki init|inspect|renew    make, show and renew keys and certificates
              version                   print the version

            Upstream's programs, with upstream's flags:

              etcd  etcdutl  kube-apiserver  kube-controller-manager  kube-scheduler

            and ours:

              node                      simulated nodes for a cluster that runs elsewhere
            """;

    @Override
    public String name() {
        return "--help";
    }

    @Override
    public int run(Invocation invocation) {
        invocation.out().print(TEXT);
        return 0;
    }
}
