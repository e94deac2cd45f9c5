/** Writers in processes of their own that are killed, tagged "crash". */
package io.jarnetes.etcd.storage.crash;
