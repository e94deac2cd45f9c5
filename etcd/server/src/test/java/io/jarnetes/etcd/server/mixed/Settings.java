package io.jarnetes.etcd.server.mixed;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster runs.
 *
 * @param flags more flags of every member
 * @param tls the certificates between peers; null for plain connections
 * @param processes whether our members are processes too, so that they can be killed
 */
record Settings(List<String> flags, @Nullable PeerTls tls, boolean processes) {
    static final Settings PLAIN = new Settings(List.of(), null, false);

    Settings {
        flags = List.copyOf(flags);
    }

    Settings with(String... more) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of(more));
        return new Settings(all, tls, processes);
    }

    Settings withTls(PeerTls certificates) {
        return new Settings(flags, certificates, processes);
    }

    Settings asProcesses() {
        return new Settings(flags, tls, true);
    }
}
