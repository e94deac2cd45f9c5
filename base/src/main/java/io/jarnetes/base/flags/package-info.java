/**
 * Command line flags with the semantics and error texts of Go's two flag packages, on picocli.
 * {@link io.jarnetes.base.flags.Flags} is the surface.
 *
 * <p>Threads: one; a set is filled by {@code parse} and read afterwards.
 */
@NullMarked
package io.jarnetes.base.flags;

import org.jspecify.annotations.NullMarked;
