/**
 * The program {@code etcdutl}: works on files, never over the network. Output and errors are those
 * of upstream's 3.6, or with {@code --cluster-compatibility=3.5} of its 3.5.
 *
 * <p>{@code check} is our own: it walks all that a directory holds with the checkers of
 * etcd/storage.
 */
@NullMarked
package io.jarnetes.etcd.ctl.etcdutl;

import org.jspecify.annotations.NullMarked;
