/**
 * The rules of pod specs, in pods and in the templates of workloads ({@code pkg/apis/core/
 * validation}): {@link io.jarnetes.apiserver.server.registry.pods.PodRules} is the whole surface.
 *
 * <p>Invariants: errors come in upstream's order and words; nothing is changed.
 *
 * <p>Threads: no state, shared by all requests.
 */
@NullMarked
package io.jarnetes.apiserver.server.registry.pods;

import org.jspecify.annotations.NullMarked;
