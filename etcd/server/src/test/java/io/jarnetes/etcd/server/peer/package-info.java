/** Tests of the peer protocol: codecs, members on sockets, and members beside upstream's. */
@NullMarked
package io.jarnetes.etcd.server.peer;

import org.jspecify.annotations.NullMarked;
