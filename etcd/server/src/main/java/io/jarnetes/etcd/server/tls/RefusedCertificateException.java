package io.jarnetes.etcd.server.tls;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;

/** A certificate of a known authority whose holder isn't let in. */
final class RefusedCertificateException extends CertificateException {
    private static final long serialVersionUID = 1;

    private final transient X509Certificate certificate;

    RefusedCertificateException(X509Certificate certificate, String why) {
        super(why);
        this.certificate = certificate;
    }

    X509Certificate certificate() {
        return certificate;
    }
}
