/**
 * Rolls Deployments out over ReplicaSets. {@link
 * io.jarnetes.controllermanager.deployment.DeploymentController} watches and writes; {@link
 * io.jarnetes.controllermanager.deployment.Rollout} decides, with no I/O: the Deployment, its
 * ReplicaSets and the time go in, a list of {@link io.jarnetes.controllermanager.deployment.Action}
 * comes out.
 *
 * <p>Annotations, conditions, reasons and messages are upstream's, since kubectl rollout reads
 * them.
 */
@NullMarked
package io.jarnetes.controllermanager.deployment;

import org.jspecify.annotations.NullMarked;
