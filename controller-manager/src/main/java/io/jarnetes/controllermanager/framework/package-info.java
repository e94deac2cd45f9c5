/**
 * What every controller is given ({@link
 * io.jarnetes.controllermanager.framework.ControllerContext}) and what controllers of pods share:
 * pod states, pods from templates, adoption, own writes that the informer has not shown yet.
 *
 * <p>Controllers are level-based: their queues carry names, and a reconcile looks at the informers
 * only. Threads: handlers run on informer threads and enqueue; reconciles run on the workers of a
 * {@link io.jarnetes.kubeclient.ReconcileLoop}, one at a time for each key.
 */
@NullMarked
package io.jarnetes.controllermanager.framework;

import org.jspecify.annotations.NullMarked;
