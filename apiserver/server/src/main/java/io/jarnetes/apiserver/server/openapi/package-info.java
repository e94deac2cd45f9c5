/**
 * The API described to machines: OpenAPI 3 a group ({@link
 * io.jarnetes.apiserver.server.openapi.OpenApiV3}) and OpenAPI 2 as a whole ({@link
 * io.jarnetes.apiserver.server.openapi.OpenApiV2}), rendered from the schema and the resource
 * table.
 *
 * <p>Invariants: pure; the same table gives the same bytes. Documents are made at the first request
 * and kept.
 *
 * <p>Threads: safe for all; a document may be made twice when two ask for it at once.
 */
@NullMarked
package io.jarnetes.apiserver.server.openapi;

import org.jspecify.annotations.NullMarked;
