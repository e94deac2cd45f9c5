/**
 * The cluster as the apiserver's own deciders see it. {@link
 * io.jarnetes.apiserver.server.informers.Informer} follows one resource; {@link
 * io.jarnetes.apiserver.server.informers.RegistryListers} reads the registry's caches.
 *
 * <p>Threads: one virtual thread for each informer; its sink is called by that thread alone.
 */
@NullMarked
package io.jarnetes.apiserver.server.informers;

import org.jspecify.annotations.NullMarked;
