/**
 * Raft snapshots on disk: {@code .snap} files with the membership, and the names of {@code
 * .snap.db} files.
 */
@NullMarked
package io.jarnetes.etcd.storage.snap;

import org.jspecify.annotations.NullMarked;
