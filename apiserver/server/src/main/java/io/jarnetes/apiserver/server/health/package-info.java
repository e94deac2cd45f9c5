/**
 * {@code /healthz}, {@code /livez} and {@code /readyz}: named checks, one by one or all together.
 *
 * <p>Threads: checks are run by the request's thread and must be quick.
 */
@NullMarked
package io.jarnetes.apiserver.server.health;

import org.jspecify.annotations.NullMarked;
