/**
 * Reading and printing object trees without a type: {@link io.jarnetes.apiserver.server.tree.Trees}
 * and {@link io.jarnetes.apiserver.server.tree.GoText}.
 *
 * <p>Threads: any; nothing is changed.
 */
@NullMarked
package io.jarnetes.apiserver.server.tree;

import org.jspecify.annotations.NullMarked;
