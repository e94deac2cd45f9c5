/**
 * The values that upstream fills in where a user gave none: {@link
 * io.jarnetes.apiserver.schema.defaults.Defaults} is the whole surface.
 *
 * <p>Invariants: applying twice changes nothing; nothing that was given is changed.
 *
 * <p>Threads: safe for all; the object belongs to the caller.
 */
@NullMarked
package io.jarnetes.apiserver.schema.defaults;

import org.jspecify.annotations.NullMarked;
