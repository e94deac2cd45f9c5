/**
 * Logs as upstream's programs write them. {@link io.jarnetes.base.log.Log} is the surface.
 *
 * <p>Threads: any; a line is written whole.
 */
@NullMarked
package io.jarnetes.base.log;

import org.jspecify.annotations.NullMarked;
