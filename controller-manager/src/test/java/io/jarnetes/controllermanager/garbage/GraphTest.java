package io.jarnetes.controllermanager.garbage;

import static io.jarnetes.kubeclient.TestObjects.object;
import static io.jarnetes.kubeclient.TestObjects.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.kubeclient.KubeObject;
import org.junit.jupiter.api.Test;

class GraphTest {

    private final Graph graph = new Graph();

    private static KubeObject thing(String uid, String... owners) {
        StringBuilder references = new StringBuilder();
        for (String owner : owners) {
            references.append(references.isEmpty() ? "" : ",");
            references.append(
                    ("{'apiVersion': 'v1', 'kind': 'Thing', 'name': '%s', 'uid': '%s',"
                                    + " 'blockOwnerDeletion': true}")
                            .formatted(owner, owner));
        }
        return object(
                ("{'apiVersion': 'v1', 'kind': 'Thing', 'metadata': {'namespace': 'ns', 'name':"
                                + " '%s', 'uid': '%s', 'ownerReferences': [%s]}}")
                        .formatted(uid, uid, references));
    }

    private static KubeObject deleted(KubeObject object, String finalizer) {
        return with(
                object,
                ("{'metadata': {'deletionTimestamp': '2026-01-01T00:00:00Z', 'finalizers':"
                                + " ['%s']}}")
                        .formatted(finalizer));
    }

    @Test
    void anUnknownOwnerIsLookedFor() {
        Graph.Work work = graph.observe(thing("child", "parent"));
        assertThat(work.check()).containsExactly("parent");
        assertThat(graph.get("parent"))
                .hasValueSatisfying(node -> assertThat(node.virtual()).isTrue());
        graph.observe(thing("parent"));
        assertThat(graph.get("parent"))
                .hasValueSatisfying(node -> assertThat(node.virtual()).isFalse());
    }

    @Test
    void dependentsOfAGoneOwnerAreChecked() {
        graph.observe(thing("parent"));
        graph.observe(thing("child", "parent"));
        assertThat(graph.forget("parent").check()).containsExactly("child");
    }

    @Test
    void aForegroundDeletionWaitsForItsDependents() {
        graph.observe(thing("parent"));
        graph.observe(thing("child", "parent"));
        Graph.Work work = graph.observe(deleted(thing("parent"), Graph.FOREGROUND));
        assertThat(work.check()).containsExactlyInAnyOrder("child", "parent");
        assertThat(graph.blocking("parent")).extracting(Graph.Node::uid).containsExactly("child");
        assertThat(graph.forget("child").check()).containsExactly("parent");
        assertThat(graph.blocking("parent")).isEmpty();
    }

    @Test
    void orphaningIsAskedForByTheFinalizer() {
        graph.observe(thing("parent"));
        assertThat(graph.observe(deleted(thing("parent"), Graph.ORPHAN)).orphan())
                .containsExactly("parent");
    }

    @Test
    void aRemovedReferenceIsForgotten() {
        graph.observe(thing("parent"));
        graph.observe(thing("child", "parent"));
        graph.observe(thing("child"));
        assertThat(graph.dependents("parent")).isEmpty();
    }
}
