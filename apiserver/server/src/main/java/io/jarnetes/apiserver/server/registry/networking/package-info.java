/**
 * The rules of Ingresses and NetworkPolicies ({@code pkg/apis/networking/validation}).
 *
 * <p>Invariants: errors come in upstream's order and words; nothing is changed.
 *
 * <p>Threads: no state, shared by all requests.
 */
@NullMarked
package io.jarnetes.apiserver.server.registry.networking;

import org.jspecify.annotations.NullMarked;
