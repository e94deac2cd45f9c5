package io.jarnetes.kubeclient;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Checks a server's certificate by Go's rules: chain and validity, the server usage, and the name
 * among the subject alternative names. The JDK's own trust manager also reads the Netscape
 * certificate type, and so refuses serving certificates that upstream's programs accept.
 */
final class ServerTrust extends X509ExtendedTrustManager {

    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String ANY_USAGE = "2.5.29.37.0";
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    private final List<X509Certificate> authorities;
    private final @Nullable String serverName;

    /**
     * @param authorities the trusted roots
     * @param serverName the name to find in the certificate instead of the host that is called
     */
    ServerTrust(List<X509Certificate> authorities, @Nullable String serverName) {
        this.authorities = List.copyOf(authorities);
        this.serverName = serverName;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        check(chain, serverName == null ? engine.getPeerHost() : serverName);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        check(chain, serverName == null ? socket.getInetAddress().getHostAddress() : serverName);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        check(chain, serverName);
    }

    private void check(X509Certificate[] chain, @Nullable String host) throws CertificateException {
        X509Certificate leaf = chain[0];
        List<String> usages = leaf.getExtendedKeyUsage();
        if (usages != null && !usages.contains(SERVER_AUTH) && !usages.contains(ANY_USAGE)) {
            throw new CertificateException("the certificate is not for servers: " + usages);
        }
        checkChain(chain);
        if (host == null || !names(leaf, host)) {
            throw new CertificateException(
                    "certificate is valid for "
                            + leaf.getSubjectAlternativeNames()
                            + ", not "
                            + host);
        }
    }

    private void checkChain(X509Certificate[] chain) throws CertificateException {
        try {
            X509CertSelector target = new X509CertSelector();
            target.setCertificate(chain[0]);
            Set<TrustAnchor> anchors = new HashSet<>();
            authorities.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
            PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
            parameters.setRevocationEnabled(false);
            parameters.addCertStore(
                    CertStore.getInstance(
                            "Collection", new CollectionCertStoreParameters(List.of(chain))));
            CertPathBuilder.getInstance("PKIX").build(parameters);
        } catch (GeneralSecurityException e) {
            String message = e.getMessage();
            throw new CertificateException(
                    "the server's certificate is not trusted: "
                            + (message == null ? e.getClass().getSimpleName() : message),
                    e);
        }
    }

    private static boolean names(X509Certificate leaf, String host)
            throws CertificateParsingException {
        Collection<List<?>> names = leaf.getSubjectAlternativeNames();
        if (names == null) {
            return false;
        }
        String wanted = host.replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
        for (List<?> name : names) {
            String value = String.valueOf(name.get(1)).toLowerCase(Locale.ROOT);
            int type = (Integer) name.get(0);
            if (type == IP_ADDRESS && sameAddress(value, wanted)
                    || type == DNS_NAME && sameName(value, wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean sameAddress(String address, String wanted) {
        if (!wanted.contains(":") || !address.contains(":")) {
            return address.equals(wanted);
        }
        return java.net.InetAddress.ofLiteral(address)
                .equals(java.net.InetAddress.ofLiteral(wanted));
    }

    /** A star stands for the whole first label. */
    private static boolean sameName(String pattern, String wanted) {
        if (!pattern.startsWith("*.")) {
            return pattern.equals(wanted);
        }
        int dot = wanted.indexOf('.');
        return dot > 0 && wanted.substring(dot).equals(pattern.substring(1));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("this side is a client only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("this side is a client only");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType)
            throws CertificateException {
        throw new CertificateException("this side is a client only");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.toArray(X509Certificate[]::new);
    }
}
