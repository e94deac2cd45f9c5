/** Tests of the consensus core: transcripts, a simulated cluster, and the small parts alone. */
@NullMarked
package io.jarnetes.etcd.raft;

import org.jspecify.annotations.NullMarked;
