package io.jarnetes.apiserver.server.authentication;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/** Names in a certificate's subject, in the order in which they stand there. */
final class CertificateNames {

    private CertificateNames() {}

    /** The last CN, as Go takes it; empty for none. */
    static String commonName(X509Certificate certificate) {
        List<String> names = values(certificate, "CN");
        return names.isEmpty() ? "" : names.getLast();
    }

    /** All O values. */
    static List<String> organizations(X509Certificate certificate) {
        return values(certificate, "O");
    }

    private static List<String> values(X509Certificate certificate, String type) {
        List<String> values = new ArrayList<>();
        try {
            // RFC 2253 text runs backwards, and so does LdapName: index 0 is the first in DER.
            LdapName name = new LdapName(certificate.getSubjectX500Principal().getName());
            for (Rdn rdn : name.getRdns()) {
                Attribute attribute = rdn.toAttributes().get(type);
                for (int i = 0; attribute != null && i < attribute.size(); i++) {
                    values.add(String.valueOf(attribute.get(i)));
                }
            }
        } catch (InvalidNameException e) {
            return List.of();
        } catch (NamingException e) {
            return values;
        }
        return values;
    }
}
