/**
 * Label and field selectors: parsing with upstream's complaints, and matching.
 *
 * <p>Pure values; safe for all threads.
 */
@NullMarked
package io.jarnetes.apiserver.server.registry.selectors;

import org.jspecify.annotations.NullMarked;
