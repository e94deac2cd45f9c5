/**
 * TLS from PEM files: contexts for Netty with the rules of Go's crypto/x509, which upstream's
 * certificates are made for. {@link io.jarnetes.base.tls.Tls} makes contexts, {@link
 * io.jarnetes.base.tls.Pem} reads keys and certificates.
 *
 * <p>Invariant: no key is ever in a message or a log. Threads: any.
 */
@NullMarked
package io.jarnetes.base.tls;

import org.jspecify.annotations.NullMarked;
