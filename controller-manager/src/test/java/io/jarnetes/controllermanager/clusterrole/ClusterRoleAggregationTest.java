package io.jarnetes.controllermanager.clusterrole;

import static io.jarnetes.kubeclient.TestObjects.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.KubeObject;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClusterRoleAggregationTest {

    private static KubeObject role(String name, String verb) {
        return object(
                ("{'metadata': {'name': '%s', 'labels': {'part': 'yes'}}, 'rules': [{'verbs':"
                                + " ['%s']}]}")
                        .formatted(name, verb));
    }

    @Test
    void theUnionIsInOrderOfNamesAndWithoutDoubles() {
        KubeObject whole =
                object(
                        "{'metadata': {'name': 'whole', 'labels': {'part': 'yes'}},"
                                + " 'aggregationRule': {'clusterRoleSelectors': [{'matchLabels':"
                                + " {'part': 'yes'}}]}, 'rules': [{'verbs': ['x']}]}");
        assertThat(
                        ClusterRoleAggregation.union(
                                whole,
                                List.of(
                                        role("c", "get"),
                                        role("b", "list"),
                                        role("a", "get"),
                                        whole)))
                .hasToString("[{\"verbs\":[\"get\"]},{\"verbs\":[\"list\"]}]");
    }
}
