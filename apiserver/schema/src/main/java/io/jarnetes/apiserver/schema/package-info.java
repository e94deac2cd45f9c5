/**
 * What the API server knows of its types before it has seen a request: the resources of every
 * built-in group ({@link io.jarnetes.apiserver.schema.ResourceTable}) and the shape of every type
 * ({@link io.jarnetes.apiserver.schema.Schema}).
 *
 * <p>Invariants: everything here is immutable once loaded and says what Kubernetes 1.36 says;
 * objects are Jackson trees, never classes of their own.
 *
 * <p>Threads: safe for all; types are parsed at their first use.
 */
@NullMarked
package io.jarnetes.apiserver.schema;

import org.jspecify.annotations.NullMarked;
