/**
 * The public key infrastructure of a cluster, as files: two certificate authorities (the cluster's
 * and etcd's own), the certificates of "Kubernetes the hard way" by their names, kubeconfigs, the
 * service accounts' key pair, and the encryption configuration. {@link
 * io.jarnetes.pki.PkiDirectory} makes, reads and renews such a directory; {@link
 * io.jarnetes.pki.CertificateAuthority} signs.
 *
 * <p>Invariants: a key file is never readable by others (mode 0600); what stands in a directory is
 * never overwritten by {@code init}; a file is whole or not there.
 *
 * <p>Threads: none of its own but for the leaves of one {@code init}, which are made in parallel.
 * BouncyCastle is used for building and parsing only; keys and signatures are the JDK's.
 */
@NullMarked
package io.jarnetes.pki;

import org.jspecify.annotations.NullMarked;
