/** Tests of snapshot files. */
package io.jarnetes.etcd.storage.snap;
