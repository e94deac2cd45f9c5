package io.jarnetes.etcd.server.mixed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole cluster goes over to the other make, member by member and under load, and back. */
@Tag("cluster")
final class RollingReplacementPeersTest {
    @TempDir private Path dir;

    /** There by membership, back on the same directories. */
    @Test
    void goMembersAreReplacedAndReturn() {
        Seeds.run(seed -> {
            try (Cluster cluster = start(Upstream.V3_5_30, Make.GO);
                    Load load = new Load(cluster, seed)) {
                load.awaitProgress();
                byMembership(cluster, Make.JAVA, load);
                onTheSameDirectories(cluster, Make.GO, load);
                load.verify();
                Agreement.await(cluster);
            }
        });
    }

    /** There on the same directories, back by membership. */
    @Test
    void ourMembersAreReplacedAndReturn() {
        Seeds.run(seed -> {
            try (Cluster cluster = start(Upstream.V3_6, Make.JAVA);
                    Load load = new Load(cluster, seed)) {
                load.awaitProgress();
                onTheSameDirectories(cluster, Make.GO, load);
                byMembership(cluster, Make.JAVA, load);
                load.verify();
                Agreement.await(cluster);
            }
        });
    }

    private Cluster start(Upstream upstream, Make make) throws IOException {
        // The strict check wants every member to be in touch for five seconds before each change.
        Settings settings = Settings.PLAIN.with("--strict-reconfig-check=false");
        return Cluster.start(dir, upstream, settings, make, make, make);
    }

    private static void byMembership(Cluster cluster, Make make, Load load) throws IOException {
        for (Node old : cluster.nodes()) {
            Node next = cluster.join("after-" + old.name(), make, true);
            cluster.promote(next);
            load.awaitProgress();
            cluster.remove(old);
            load.awaitProgress();
        }
        assertMakes(cluster, make);
    }

    private static void onTheSameDirectories(Cluster cluster, Make make, Load load)
            throws IOException {
        for (Node node : cluster.nodes()) {
            cluster.stop(node);
            load.awaitProgress();
            cluster.restart(node, make);
            load.awaitProgress();
        }
        assertMakes(cluster, make);
    }

    private static void assertMakes(Cluster cluster, Make make) {
        assertThat(cluster.running()).hasSize(3);
        assertThat(cluster.running().stream().map(Node::make).distinct().toList())
                .isEqualTo(List.of(make));
        // From here on a member of the new make leads.
        assertThat(cluster.leader().make()).isEqualTo(make);
    }
}
