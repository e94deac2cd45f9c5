@NullMarked
package io.jarnetes.etcd.server.tls;

import org.jspecify.annotations.NullMarked;
