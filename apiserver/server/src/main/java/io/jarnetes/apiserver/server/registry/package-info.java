/**
 * What a resource may be: names, defaults, validation, life cycle, conflict rules, on top of {@code
 * storage}. {@link Registry} finds a {@link Store} for each resource and subresource.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>objects are trees in the resource's hub version; no tree that a caller handed in is kept;
 *   <li>every refusal is an {@link ApiException} that carries exactly one {@code metav1.Status};
 *   <li>nothing here knows of HTTP.
 * </ul>
 *
 * Threads: stores are shared by all requests; calls block and are meant for virtual threads.
 */
@NullMarked
package io.jarnetes.apiserver.server.registry;

import org.jspecify.annotations.NullMarked;
