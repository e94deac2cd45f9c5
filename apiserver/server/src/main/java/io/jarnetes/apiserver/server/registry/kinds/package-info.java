/**
 * What is particular to the built-in kinds: strategies, validators, virtual subresources, and
 * {@link io.jarnetes.apiserver.server.registry.kinds.BuiltInRegistry}, which puts them together.
 *
 * <p>Threads: everything is shared by all requests.
 */
@NullMarked
package io.jarnetes.apiserver.server.registry.kinds;

import org.jspecify.annotations.NullMarked;
