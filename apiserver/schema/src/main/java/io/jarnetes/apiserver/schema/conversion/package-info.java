/**
 * Objects from one version of their kind to another, where the versions differ in more than their
 * name: {@link io.jarnetes.apiserver.schema.conversion.Conversion} is the whole surface.
 *
 * <p>Invariants: pure; there and back changes nothing that both versions can say.
 *
 * <p>Threads: safe for all; the object belongs to the caller.
 */
@NullMarked
package io.jarnetes.apiserver.schema.conversion;

import org.jspecify.annotations.NullMarked;
