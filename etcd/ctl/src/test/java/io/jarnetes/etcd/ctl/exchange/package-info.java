/**
 * Data directories that whole servers hand to each other: ours and upstream's, of all versions that
 * are about. {@code JARNETES_PEERS} names the folder of upstream's programs.
 */
@NullMarked
package io.jarnetes.etcd.ctl.exchange;

import org.jspecify.annotations.NullMarked;
