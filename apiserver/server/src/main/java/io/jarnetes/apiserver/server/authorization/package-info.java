/**
 * Who may do what. {@link io.jarnetes.apiserver.server.authorization.Authorizer} is the seam; Node,
 * RBAC, AlwaysAllow and AlwaysDeny implement it, in the order of {@code --authorization-mode};
 * {@code system:masters} passes before them.
 *
 * <p>Threads: called from many threads at once; answers come from caches and never block.
 */
@NullMarked
package io.jarnetes.apiserver.server.authorization;

import org.jspecify.annotations.NullMarked;
