/**
 * Bytes to trees and back: {@link io.jarnetes.apiserver.schema.codec.TreeCodec} is the whole
 * surface.
 *
 * <p>Invariants: what is decoded has passed Go's rules (unknown fields are gone, types are checked,
 * zero values are as Go would write them); what is encoded is in the order of Go's structs.
 *
 * <p>Threads: safe for all.
 */
@NullMarked
package io.jarnetes.apiserver.schema.codec;

import org.jspecify.annotations.NullMarked;
