/**
 * The plugins, one a file, by upstream's names. {@link
 * io.jarnetes.apiserver.server.admission.plugins.AdmissionPlugins} makes the chain.
 *
 * <p>Threads: each is called from many threads at once and holds no state of its own.
 */
@NullMarked
package io.jarnetes.apiserver.server.admission.plugins;

import org.jspecify.annotations.NullMarked;
