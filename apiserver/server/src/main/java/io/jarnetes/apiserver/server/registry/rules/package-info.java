/**
 * What objects of the smaller kinds must look like: a class for each group of kinds, whose rules
 * look at a {@link io.jarnetes.apiserver.server.registry.rules.Field} and complain there, in the
 * words and in the order of upstream's {@code pkg/apis/.../validation}. {@link
 * io.jarnetes.apiserver.server.registry.rules.CheckedStrategies} says which kind has which.
 *
 * <p>Invariants: rules change nothing, and need nothing but the object and its old state.
 *
 * <p>Threads: everything here is stateless or belongs to one request.
 */
@NullMarked
package io.jarnetes.apiserver.server.registry.rules;

import org.jspecify.annotations.NullMarked;
