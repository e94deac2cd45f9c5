/** Files exchanged with upstream's own programs, tagged "peers". */
package io.jarnetes.etcd.storage.exchange;
