/**
 * Watches over nodes: says Unknown of those that are silent, keeps their condition taints, and
 * evicts pods that do not tolerate them. {@link
 * io.jarnetes.controllermanager.nodelifecycle.NodeTaints} decides taints without I/O.
 */
@NullMarked
package io.jarnetes.controllermanager.nodelifecycle;

import org.jspecify.annotations.NullMarked;
