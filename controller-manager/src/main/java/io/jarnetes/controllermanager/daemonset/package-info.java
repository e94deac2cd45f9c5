/**
 * A pod on every node that fits. {@link io.jarnetes.controllermanager.daemonset.DaemonPlan} decides
 * without I/O; the scheduler binds, to the node that the pod's affinity names.
 */
@NullMarked
package io.jarnetes.controllermanager.daemonset;

import org.jspecify.annotations.NullMarked;
