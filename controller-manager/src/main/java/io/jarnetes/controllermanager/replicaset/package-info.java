/**
 * Keeps the number of pods that a ReplicaSet or a ReplicationController asks for. {@link
 * io.jarnetes.controllermanager.replicaset.ReplicaSetController} is the surface; the status is
 * computed by a pure function.
 */
@NullMarked
package io.jarnetes.controllermanager.replicaset;

import org.jspecify.annotations.NullMarked;
