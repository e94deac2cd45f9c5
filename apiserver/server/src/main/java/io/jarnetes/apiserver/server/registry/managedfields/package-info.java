/**
 * Who set which field: {@code metadata.managedFields} by the rules of structured-merge-diff.
 *
 * <p>{@link io.jarnetes.apiserver.server.registry.managedfields.SchemaFieldManager} is the surface.
 * A {@code FieldSet} is a tree of path elements in the words of FieldsV1 ({@code f:name}, {@code
 * k:{…}}, {@code v:…}).
 *
 * <p>Threads: no state.
 */
@NullMarked
package io.jarnetes.apiserver.server.registry.managedfields;

import org.jspecify.annotations.NullMarked;
