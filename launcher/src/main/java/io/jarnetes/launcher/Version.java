package io.jarnetes.launcher;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;

/** {@code jarnetes version}. */
final class Version implements Program {

    /** Upstream's versions whose behaviour is kept. */
    private static final String STANDS_FOR = "Kubernetes v1.36, etcd 3.6 (3.5 compatible)";

    @Override
    public String name() {
        return "version";
    }

    @Override
    public int run(Invocation invocation) {
        invocation
                .out()
                .printf(
                        "jarnetes %s (%s; Java %s)%n",
                        number(), STANDS_FOR, System.getProperty("java.version"));
        return 0;
    }

    static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0-SNAPSHOT" : version;
    }
}
