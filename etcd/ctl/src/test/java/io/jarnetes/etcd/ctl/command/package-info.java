@NullMarked
package io.jarnetes.etcd.ctl.command;

import org.jspecify.annotations.NullMarked;
