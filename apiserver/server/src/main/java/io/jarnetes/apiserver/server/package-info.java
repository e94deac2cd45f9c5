/**
 * The program {@code kube-apiserver} and its embeddable form. {@link
 * io.jarnetes.apiserver.server.ApiServer} wires the rooms below; {@link
 * io.jarnetes.apiserver.server.KubeApiserver} reads the flags.
 *
 * <p>Threads: those of the rooms; {@code ApiServer.close} ends them all.
 */
@NullMarked
package io.jarnetes.apiserver.server;

import org.jspecify.annotations.NullMarked;
