/**
 * What a member answers over HTTP/1.1: health, version, metrics and debugging. {@link
 * io.jarnetes.etcd.server.http.HttpApi} decides, {@link io.jarnetes.etcd.server.http.HttpChannel}
 * is its handler in a pipeline, {@link io.jarnetes.etcd.server.http.HttpListener} a port for it
 * alone.
 *
 * <p>Threads: event loops; nothing here blocks.
 */
@NullMarked
package io.jarnetes.etcd.server.http;

import org.jspecify.annotations.NullMarked;
