/**
 * Makes the schema resource at build time from two published artifacts: io.kubernetes'
 * client-java-proto (descriptors, and comments with markers in its sources) and client-java-api
 * (which fields OpenAPI requires, and its descriptions). {@link
 * io.jarnetes.apiserver.schema.generator.GenerateSchema} is the program; nothing of it runs in a
 * server.
 *
 * <p>Invariant: the same artifacts give the same bytes. No class of the artifacts is loaded; class
 * files are parsed.
 *
 * <p>Threads: one.
 */
@NullMarked
package io.jarnetes.apiserver.schema.generator;

import org.jspecify.annotations.NullMarked;
