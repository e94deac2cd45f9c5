package io.jarnetes.etcd.ctl.exchange;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whose server runs.
 *
 * @param version of upstream's program, or the version that ours acts as
 * @param ours whether it is this project's
 * @param here whether it runs in this process, and so can't be killed
 */
record Make(String version, boolean ours, boolean here) {
    static Make ours(String version) {
        return new Make(version, true, true);
    }

    static Make theirs(String version) {
        return new Make(version, false, false);
    }

    /** The same, as something that can be killed. */
    Make killable(boolean kill) {
        return kill ? new Make(version, ours, false) : this;
    }

    /** Ours at the version that goes with upstream's. */
    static Make oursFor(String theirs) {
        return ours(theirs.startsWith("3.6") ? "3.6" : "3.5");
    }

    /** One of upstream's programs, such as ("3.5.30", "etcdutl"). */
    static Path program(String version, String name) {
        String peers = System.getenv("JARNETES_PEERS");
        if (peers == null) {
            throw new IllegalStateException(
                    "JARNETES_PEERS is not set: hack/test brings upstream's programs and sets it");
        }
        Path path = Path.of(peers, "etcd-" + version, "usr", "bin", name);
        if (!Files.isExecutable(path)) {
            throw new IllegalStateException(
                    path
                            + " is missing: hack/lib/peers brings it"
                            + (version.equals("3.6") ? ", where Go 1.25 or newer is" : ""));
        }
        return path;
    }

    /** What starts the server, before its flags. */
    List<String> command() {
        if (!ours) {
            return List.of(program(version, "etcd").toString(), "--logger=zap");
        }
        if (here) {
            return List.of("--cluster-compatibility=" + version);
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.jarnetes.etcd.ctl.exchange.EtcdProcess",
                "--cluster-compatibility=" + version);
    }

    @Override
    public String toString() {
        return ours ? "ours at " + version : version;
    }
}
