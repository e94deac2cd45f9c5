package io.jarnetes.pki;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What a certificate says of names and usages, for people. */
public final class Names {

    /** Two groups of zeros or more, with the colons around them. */
    private static final Pattern ZEROS = Pattern.compile("(?:^|:)0(?::0)+(?::|$)");

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
                    String host = String.valueOf(name.get(1));
                    if (kind == DNS || kind == IP) {
                        hosts.add(kind == IP ? shortest(host) : host);
                    }
                }
            }
        } catch (CertificateParsingException e) {
            throw new PkiException("the names of a certificate can't be parsed", e);
        }
        return List.copyOf(hosts);
    }

    /** An address as people write it (RFC 5952): the longest run of zeros in IPv6 is left out. */
    private static String shortest(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        String longest =
                ZEROS.matcher(address)
                        .results()
                        .map(MatchResult::group)
                        .max(Comparator.comparingInt(String::length))
                        .orElse("");
        if (longest.isEmpty()) {
            return address;
        }
        int at = address.indexOf(longest);
        String before = address.substring(0, at);
        return before + "::" + address.substring(at + longest.length());
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
