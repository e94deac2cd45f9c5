/**
 * The documents that tell clients which groups, versions and resources there are: {@link
 * io.jarnetes.apiserver.server.discovery.Discovery} is the whole surface.
 *
 * <p>Invariants: pure; the same table gives the same bytes. Groups, versions and resources come in
 * the table's order, which kubectl's resolution of short names and kinds follows.
 *
 * <p>Threads: safe for all.
 */
@NullMarked
package io.jarnetes.apiserver.server.discovery;

import org.jspecify.annotations.NullMarked;
