package io.jarnetes.apiserver.server.authentication;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Client certificates ({@code --client-ca-file}): CN is the user's name, each O a group. */
public final class X509Authenticator implements Authenticator {

    static final String CREDENTIAL_ID = "authentication.kubernetes.io/credential-id";

    private final ClientCertificates authorities;

    public X509Authenticator(ClientCertificates authorities) {
        this.authorities = authorities;
    }

    @Override
    public Optional<Authentication> authenticate(AuthenticationRequest request)
            throws AuthenticationException {
        List<X509Certificate> chain = request.clientCertificates();
        if (chain.isEmpty()) {
            return Optional.empty();
        }
        X509Certificate leaf = chain.getFirst();
        try {
            authorities.verify(chain);
        } catch (CertificateException e) {
            throw new AuthenticationException(
                    "verifying certificate SN="
                            + leaf.getSerialNumber()
                            + " failed: "
                            + e.getMessage(),
                    e);
        }
        String name = CertificateNames.commonName(leaf);
        if (name.isEmpty()) {
            return Optional.empty();
        }
        UserInfo user =
                new UserInfo(
                        name,
                        "",
                        CertificateNames.organizations(leaf),
                        Map.of(CREDENTIAL_ID, List.of("X509SHA256=" + fingerprint(leaf))));
        return Optional.of(new Authentication(user));
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can't be written", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM lacks SHA-256", e);
        }
    }
}
