package io.jarnetes.etcd.server.tls;

import io.jarnetes.base.tls.Tls;
import io.jarnetes.etcd.server.EtcdConfig.Admission;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom a certificate of a known authority lets in: names that are allowed, serial numbers that are
 * revoked. The list of these is read for each connection, as upstream reads it.
 */
public final class Admissions extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager chains;
    private final Admission admission;
    private final boolean revocation;

    private Admissions(X509ExtendedTrustManager chains, Admission admission, boolean revocation) {
        this.chains = chains;
        this.admission = admission;
        this.revocation = revocation;
    }

    /**
     * For those who connect.
     *
     * @param chains verifies that the authority is a known one
     */
    public static X509ExtendedTrustManager ofClients(
            X509ExtendedTrustManager chains, Admission admission) {
        return new Admissions(chains, admission, true);
    }

    /** For those who are dialled: names alone, as upstream has it. */
    public static X509ExtendedTrustManager ofServers(
            X509ExtendedTrustManager chains, Admission admission) {
        return new Admissions(chains, admission, false);
    }

    private void admit(X509Certificate[] chain) throws CertificateException {
        X509Certificate leaf = chain[0];
        boolean named =
                !admission.hostNames().isEmpty()
                        ? admission.hostNames().stream().anyMatch(h -> Tls.names(leaf, h))
                        : admission.commonNames().isEmpty()
                                || admission.commonNames().contains(commonName(leaf));
        if (!named) {
            throw new RefusedCertificateException(leaf, "client certificate authentication failed");
        }
        Path list = admission.revoked();
        if (revocation && list != null) {
            Set<BigInteger> revoked = revoked(list, leaf);
            for (X509Certificate certificate : chain) {
                BigInteger serial = certificate.getSerialNumber();
                if (revoked.contains(serial)) {
                    throw new RefusedCertificateException(
                            leaf,
                            "transport: certificate serial " + serial.toString(16) + " revoked");
                }
            }
        }
    }

    private static String commonName(X509Certificate certificate) {
        try {
            LdapName name = new LdapName(certificate.getSubjectX500Principal().getName());
            String found = "";
            for (Rdn part : name.getRdns()) {
                found = part.getType().equalsIgnoreCase("CN") ? part.getValue().toString() : found;
            }
            return found;
        } catch (InvalidNameException e) {
            return "";
        }
    }

    private static Set<BigInteger> revoked(Path list, X509Certificate leaf)
            throws RefusedCertificateException {
        try (InputStream in = Files.newInputStream(list)) {
            X509CRL crl = (X509CRL) CertificateFactory.getInstance("X.509").generateCRL(in);
            Set<BigInteger> serials = new HashSet<>();
            if (crl.getRevokedCertificates() != null) {
                for (X509CRLEntry entry : crl.getRevokedCertificates()) {
                    serials.add(entry.getSerialNumber());
                }
            }
            return serials;
        } catch (IOException | CRLException | CertificateException e) {
            throw new RefusedCertificateException(
                    leaf, "the revocation list " + list + " can't be read: " + e.getMessage());
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        chains.checkClientTrusted(chain, type, engine);
        admit(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        chains.checkServerTrusted(chain, type, engine);
        admit(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        chains.checkClientTrusted(chain, type);
        admit(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        chains.checkServerTrusted(chain, type);
        admit(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        chains.checkClientTrusted(chain, type, socket);
        admit(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        chains.checkServerTrusted(chain, type, socket);
        admit(chain);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.getAcceptedIssuers();
    }
}
