/** A disk that loses what was not synced, and faulty ones, for tests of every room that stores. */
package io.jarnetes.etcd.storage.disk;
