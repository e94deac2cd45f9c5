/** Tests of what a committed entry does, as transcripts. */
@NullMarked
package io.jarnetes.etcd.server.apply;

import org.jspecify.annotations.NullMarked;
