/**
 * Upstream's rules for names, labels, annotations and metadata, with upstream's texts.
 *
 * <p>Pure functions; safe for all threads.
 */
@NullMarked
package io.jarnetes.apiserver.server.registry.validation;

import org.jspecify.annotations.NullMarked;
