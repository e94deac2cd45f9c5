/**
 * Who is asking. {@link io.jarnetes.apiserver.server.authentication.Authenticator} is the seam,
 * {@link io.jarnetes.apiserver.server.authentication.UserInfo} the answer.
 *
 * <p>Order, as upstream: front proxy, client certificate, tokens, anonymous. A request with wrong
 * credentials is refused, unless a later authenticator knows it; one without any is anonymous or
 * refused.
 *
 * <p>Threads: authenticators are called from many threads at once.
 */
@NullMarked
package io.jarnetes.apiserver.server.authentication;

import org.jspecify.annotations.NullMarked;
