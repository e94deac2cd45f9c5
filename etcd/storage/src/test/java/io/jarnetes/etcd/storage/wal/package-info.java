/** Tests of the log. */
package io.jarnetes.etcd.storage.wal;
