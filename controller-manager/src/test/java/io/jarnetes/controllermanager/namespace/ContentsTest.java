package io.jarnetes.controllermanager.namespace;

import static io.jarnetes.kubeclient.TestObjects.pod;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.controllermanager.framework.Conditions;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.Resource;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class ContentsTest {

    private static String message(Contents contents, String type) {
        ObjectNode status = Json.object();
        contents.conditions(status, Instant.EPOCH);
        return Json.text(Conditions.find(status, type), "message");
    }

    @Test
    void saysWhatRemains() {
        Contents contents = new Contents();
        contents.left(
                Resource.PODS,
                List.of(pod("a"), with(pod("b"), "{'metadata': {'finalizers': ['x/y']}}")));
        contents.left(Resource.DEPLOYMENTS, List.of(pod("c")));
        assertThat(contents.done()).isFalse();
        assertThat(message(contents, "NamespaceContentRemaining"))
                .isEqualTo(
                        "Some resources are remaining: deployments.apps has 1 resource instances,"
                                + " pods. has 2 resource instances");
        assertThat(message(contents, "NamespaceFinalizersRemaining"))
                .isEqualTo(
                        "Some content in the namespace has finalizers remaining: x/y in 1 resource"
                                + " instances");
    }

    @Test
    void anEmptyNamespaceIsDone() {
        Contents contents = new Contents();
        contents.discovered(List.of());
        assertThat(contents.done()).isTrue();
        assertThat(message(contents, "NamespaceContentRemaining"))
                .isEqualTo("All content successfully removed");
        contents.discovered(List.of("metrics.k8s.io/v1: down"));
        assertThat(contents.done()).isFalse();
    }
}
