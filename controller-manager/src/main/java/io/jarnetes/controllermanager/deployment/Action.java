package io.jarnetes.controllermanager.deployment;

import io.jarnetes.kubeclient.KubeObject;
import tools.jackson.databind.node.ObjectNode;

/** One write that a {@link Rollout} asks for, in the order in which they are to be done. */
sealed interface Action {

    /**
     * Makes the ReplicaSet of the current template.
     *
     * @param tree with name, labels, annotations, owner and spec
     */
    record Create(ObjectNode tree) implements Action {}

    /**
     * Writes an edited ReplicaSet.
     *
     * @param from its size before
     * @param to its size after; equal where only annotations change
     */
    record Update(ObjectNode tree, int from, int to) implements Action {}

    /** Deletes a ReplicaSet that is past the history limit. */
    record Delete(KubeObject replicaSet) implements Action {}

    /** Writes the Deployment's status and revision annotation. */
    record Status(ObjectNode tree) implements Action {}
}
