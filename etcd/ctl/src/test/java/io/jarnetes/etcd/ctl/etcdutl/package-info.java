@NullMarked
package io.jarnetes.etcd.ctl.etcdutl;

import org.jspecify.annotations.NullMarked;
