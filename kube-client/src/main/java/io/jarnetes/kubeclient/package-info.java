/**
 * What controllers, scheduler and nodes share to speak the Kubernetes API over HTTPS: {@link
 * io.jarnetes.kubeclient.ApiClient} (requests), {@link io.jarnetes.kubeclient.Informer} (a local
 * copy of one resource), {@link io.jarnetes.kubeclient.ReconcileLoop} (work queue and workers),
 * {@link io.jarnetes.kubeclient.LeaderElector}, {@link io.jarnetes.kubeclient.EventRecorder}.
 *
 * <p>Objects are JSON trees ({@link io.jarnetes.kubeclient.KubeObject}), never POJOs: an update
 * sends the tree that was read with the edited fields only, so that fields which this program does
 * not know survive. Trees from an informer are shared and never changed; {@link
 * io.jarnetes.kubeclient.KubeObject#copy} before an edit.
 *
 * <p>Threads: calls block the calling (virtual) thread. An informer has one thread of its own, on
 * which its handlers run; they only enqueue. Closing interrupts. Nothing here is static and
 * mutable.
 */
@NullMarked
package io.jarnetes.kubeclient;

import org.jspecify.annotations.NullMarked;
