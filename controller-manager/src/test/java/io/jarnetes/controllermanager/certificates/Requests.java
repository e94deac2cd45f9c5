package io.jarnetes.controllermanager.certificates;

import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.pki.Algorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** CertificateSigningRequests with subjects and names of all kinds. */
final class Requests {

    private Requests() {}

    /**
     * @param names such as {@code DNS:a.b}, {@code IP:10.0.0.1}, {@code Email:a@b}, {@code URI:x:y}
     * @param usages with commas between them
     */
    static KubeObject of(
            String name, String signer, String subject, List<String> names, String usages) {
        String pem =
                "-----BEGIN CERTIFICATE REQUEST-----\n"
                        + Base64.getMimeEncoder().encodeToString(der(subject, names))
                        + "\n-----END CERTIFICATE REQUEST-----\n";
        return KubeObject.of(
                Json.of(
                        "metadata",
                        Json.of("name", name),
                        "spec",
                        Json.of(
                                "request",
                                Base64.getEncoder()
                                        .encodeToString(pem.getBytes(StandardCharsets.US_ASCII)),
                                "signerName",
                                signer,
                                "username",
                                "bootstrap",
                                "groups",
                                List.of("system:bootstrappers"),
                                "usages",
                                List.of(usages.split(",")))));
    }

    private static byte[] der(String subject, List<String> names) {
        try {
            KeyPair keys = Algorithm.ECDSA_P256.generate();
            var builder =
                    new JcaPKCS10CertificationRequestBuilder(
                            new X500Name(subject), keys.getPublic());
            if (!names.isEmpty()) {
                ExtensionsGenerator extensions = new ExtensionsGenerator();
                extensions.addExtension(
                        Extension.subjectAlternativeName, false, generalNames(names));
                builder.addAttribute(
                        PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
            }
            return builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()))
                    .getEncoded();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static GeneralNames generalNames(List<String> names) {
        List<GeneralName> all = new ArrayList<>();
        for (String name : names) {
            int mark = name.indexOf(':');
            int kind =
                    switch (name.substring(0, mark)) {
                        case "DNS" -> GeneralName.dNSName;
                        case "IP" -> GeneralName.iPAddress;
                        case "Email" -> GeneralName.rfc822Name;
                        default -> GeneralName.uniformResourceIdentifier;
                    };
            all.add(new GeneralName(kind, name.substring(mark + 1)));
        }
        return new GeneralNames(all.toArray(GeneralName[]::new));
    }
}
