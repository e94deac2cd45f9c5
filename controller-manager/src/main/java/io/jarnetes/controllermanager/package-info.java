/**
 * kube-controller-manager: {@link io.jarnetes.controllermanager.KubeControllerManager} is the
 * program with upstream's flags, {@link io.jarnetes.controllermanager.ControllerManager} the same
 * to embed. A package for each controller; {@link io.jarnetes.controllermanager.Catalog} lists
 * them.
 *
 * <p>Speaks the Kubernetes API only. Controllers start when the Lease is held; when it is lost the
 * program ends. Threads are virtual; two managers in one JVM share nothing.
 */
@NullMarked
package io.jarnetes.controllermanager;

import org.jspecify.annotations.NullMarked;
