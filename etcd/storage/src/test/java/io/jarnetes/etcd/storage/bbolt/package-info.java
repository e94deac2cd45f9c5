/** Tests of the bbolt room, and the seeded runner that its neighbours use, too. */
package io.jarnetes.etcd.storage.bbolt;
