/**
 * Objects as rows and columns, the way {@code kubectl get} shows them: {@link
 * io.jarnetes.apiserver.server.printers.Tables} is the whole surface; {@link
 * io.jarnetes.apiserver.server.printers.PartialMetadata} makes the metadata-only forms.
 *
 * <p>Invariants: pure; the clock is an argument. Rows are always wide, the client hides columns.
 *
 * <p>Threads: safe for all.
 */
@NullMarked
package io.jarnetes.apiserver.server.printers;

import org.jspecify.annotations.NullMarked;
