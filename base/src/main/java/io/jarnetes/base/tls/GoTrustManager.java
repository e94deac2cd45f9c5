package io.jarnetes.base.tls;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Verifies peers by the rules of Go's crypto/x509: the chain leads to a given authority, every
 * certificate is valid now, and the leaf may be used for the purpose (extended key usage, or none
 * given). Netscape certificate types are ignored, as Go ignores them; the JDK's own trust manager
 * refuses certificates that openssl's old sample configuration makes. Host names are the caller's
 * matter ({@link Hosts}).
 */
final class GoTrustManager extends X509ExtendedTrustManager {

    private static final String ANY = "2.5.29.37.0";
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";

    private final List<X509Certificate> authorities;
    private final boolean hostNames;

    /** The chain whose signatures were verified last: a peer comes with the same one each time. */
    private volatile List<X509Certificate> verified = List.of();

    /**
     * @param hostNames whether a server's certificate must name the host that was dialled
     */
    GoTrustManager(List<X509Certificate> authorities, boolean hostNames) {
        this.authorities = List.copyOf(authorities);
        this.hostNames = hostNames;
    }

    private void verify(X509Certificate[] chain, String purpose) throws CertificateException {
        if (chain.length == 0) {
            throw new CertificateException("tls: peer didn't provide a certificate");
        }
        for (X509Certificate certificate : chain) {
            checkValidity(certificate);
        }
        List<String> usages = chain[0].getExtendedKeyUsage();
        if (usages != null && !usages.contains(purpose) && !usages.contains(ANY)) {
            throw new CertificateException("x509: certificate specifies an incompatible key usage");
        }
        List<X509Certificate> path = new ArrayList<>(Arrays.asList(chain));
        path.removeIf(authorities::contains);
        if (path.isEmpty() || path.equals(verified)) {
            return;
        }
        try {
            CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
            PKIXParameters parameters = new PKIXParameters(anchors());
            parameters.setRevocationEnabled(false);
            CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
            verified = List.copyOf(path);
        } catch (GeneralSecurityException e) {
            throw new CertificateException(
                    "x509: certificate signed by unknown authority ("
                            + chain[0].getSubjectX500Principal()
                            + ")",
                    e);
        }
    }

    private static void checkValidity(X509Certificate certificate) throws CertificateException {
        try {
            certificate.checkValidity();
        } catch (CertificateExpiredException | CertificateNotYetValidException e) {
            throw new CertificateException(
                    "x509: certificate has expired or is not yet valid ("
                            + certificate.getSubjectX500Principal()
                            + ", "
                            + certificate.getNotBefore().toInstant()
                            + " to "
                            + certificate.getNotAfter().toInstant()
                            + ")",
                    e);
        }
    }

    private Set<TrustAnchor> anchors() {
        return authorities.stream()
                .map(authority -> new TrustAnchor(authority, null))
                .collect(Collectors.toSet());
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        verify(chain, CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        verify(chain, SERVER);
        String host = engine.getPeerHost();
        if (hostNames && host != null) {
            Hosts.verify(chain[0], host);
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        verify(chain, CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        verify(chain, SERVER);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        verify(chain, CLIENT);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        verify(chain, SERVER);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.toArray(X509Certificate[]::new);
    }
}
