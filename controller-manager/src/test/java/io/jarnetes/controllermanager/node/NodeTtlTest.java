package io.jarnetes.controllermanager.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeTtlTest {

    @ParameterizedTest
    @CsvSource({"1, 0", "100, 0", "101, 15", "500, 15", "1000, 30", "2000, 60", "2001, 300"})
    void growsWithTheCluster(int nodes, int seconds) {
        assertThat(NodeTtl.seconds(nodes)).isEqualTo(seconds);
    }

    @Test
    void everyNodeIsTold() {
        try (World world = new World()) {
            world.put(Resource.NODES, "{metadata: {name: a, annotations: {other: x}}}");
            world.start(NodeTtl::start);
            world.until(
                    "told",
                    () ->
                            world.get(Resource.NODES, "a")
                                    .annotation("node.alpha.kubernetes.io/ttl")
                                    .equals("0"));
            assertThat(world.get(Resource.NODES, "a").annotation("other")).isEqualTo("x");
        }
    }
}
