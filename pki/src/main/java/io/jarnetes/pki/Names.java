package io.jarnetes.pki;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What a certificate says of names and usages, for people. */
public final class Names {

    private static final int DNS = 2;
    private static final int IP = 7;
    private static final String CLIENT = "1.3.6.1.5.5.7.3.2";
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";

    private Names() {}

    /** DNS names and IP addresses of the subject alternative names, in order. */
    public static List<String> hosts(X509Certificate certificate) {
        List<String> hosts = new ArrayList<>();
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            if (names != null) {
                for (List<?> name : names) {
                    int kind = (Integer) name.get(0);
                    if (kind == DNS || kind == IP) {
                        hosts.add(String.valueOf(name.get(1)));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            throw new PkiException("the names of a certificate can't be parsed", e);
        }
        return List.copyOf(hosts);
    }

    /** {@code client}, {@code server}, {@code ca}. */
    public static List<String> usages(X509Certificate certificate) {
        List<String> usages = new ArrayList<>();
        if (certificate.getBasicConstraints() >= 0) {
            usages.add("ca");
        }
        try {
            List<String> ids = certificate.getExtendedKeyUsage();
            if (ids != null && ids.contains(CLIENT)) {
                usages.add("client");
            }
            if (ids != null && ids.contains(SERVER)) {
                usages.add("server");
            }
        } catch (CertificateParsingException e) {
            throw new PkiException("the usages of a certificate can't be parsed", e);
        }
        return List.copyOf(usages);
    }
}
