package io.jarnetes.etcd.server.mixed;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A version of upstream's that stands beside us.
 *
 * @param folder of its programs
 * @param compatibility what our members are told to be
 * @param catchUp the flag that says how many entries are kept for followers
 */
record Upstream(String folder, String compatibility, String catchUp) {
    private static final String CATCH_UP_3_5 = "--experimental-snapshot-catchup-entries";

    static final Upstream V3_5_16 = new Upstream("etcd-3.5.16", "3.5", CATCH_UP_3_5);
    static final Upstream V3_5_30 = new Upstream("etcd-3.5.30", "3.5", CATCH_UP_3_5);
    static final Upstream V3_6 = new Upstream("etcd-3.6", "3.6", "--snapshot-catchup-entries");

    Path etcd() {
        return program(folder, "etcd");
    }

    Path etcdctl() {
        return program(folder, "etcdctl");
    }

    /** So few entries in the log that whoever is away for a moment needs a snapshot. */
    String[] shortLogs() {
        return new String[] {"--snapshot-count=20", catchUp + "=5"};
    }

    /**
     * Whether operations within transactions need the permissions that they need alone. Before
     * 3.5.30 inner transactions passed unchecked, as did what puts read and attach: such a member
     * parts ways with every newer one, whoever made it.
     */
    boolean checksWithinTxns() {
        return !equals(V3_5_16);
    }

    /** What {@code etcdctl} and {@code /version} call the cluster's version. */
    String clusterVersion() {
        return compatibility + ".0";
    }

    private static Path program(String folder, String name) {
        String peers = System.getenv("JARNETES_PEERS");
        if (peers == null) {
            throw new IllegalStateException("JARNETES_PEERS isn't set: `hack/test` sets it");
        }
        Path program = Path.of(peers, folder, "usr", "bin", name);
        if (!Files.isExecutable(program)) {
            throw new IllegalStateException(
                    program + " isn't there: `hack/lib/peers .cache/peers` brings it");
        }
        return program;
    }

    @Override
    public String toString() {
        return folder;
    }
}
