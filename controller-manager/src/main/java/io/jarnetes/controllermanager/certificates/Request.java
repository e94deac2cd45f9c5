package io.jarnetes.controllermanager.certificates;

import io.jarnetes.base.tls.Pem;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.jspecify.annotations.Nullable;

/** A request as it stands in an object: PKCS#10 and what the object says of it. */
record Request(KubeObject object, PKCS10CertificationRequest pkcs10) {

    static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
    static final String KUBELET_SERVING = "kubernetes.io/kubelet-serving";
    static final String LEGACY = "kubernetes.io/legacy-unknown";

    private static final String NODE_PREFIX = "system:node:";
    private static final List<String> NODES = List.of("system:nodes");

    /**
     * @throws IOException if spec.request is no PKCS#10 in PEM
     */
    static Request of(KubeObject object) throws IOException {
        try {
            String pem =
                    new String(
                            Base64.getDecoder().decode(object.text("spec", "request")),
                            StandardCharsets.US_ASCII);
            for (Pem.Block block : Pem.blocks(pem)) {
                if (block.label().endsWith("CERTIFICATE REQUEST")) {
                    return new Request(object, new PKCS10CertificationRequest(block.der()));
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IOException("spec.request is not base64", e);
        }
        throw new IOException("PEM block type must be CERTIFICATE REQUEST");
    }

    String signer() {
        return object.text("spec", "signerName");
    }

    Set<String> usages() {
        return Set.copyOf(Json.list(object.tree(), "spec", "usages"));
    }

    String commonName() {
        List<String> names = subject(BCStyle.CN);
        return names.isEmpty() ? "" : names.getLast();
    }

    List<String> organizations() {
        return subject(BCStyle.O);
    }

    private List<String> subject(org.bouncycastle.asn1.ASN1ObjectIdentifier type) {
        List<String> values = new ArrayList<>();
        for (RDN rdn : pkcs10.getSubject().getRDNs(type)) {
            values.add(rdn.getFirst().getValue().toString());
        }
        return values;
    }

    /** The subject alternative names; null for none. */
    @Nullable GeneralNames names() {
        for (var attribute :
                pkcs10.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
            Extensions extensions =
                    Extensions.getInstance(attribute.getAttrValues().getObjectAt(0));
            Extension names = extensions.getExtension(Extension.subjectAlternativeName);
            if (names != null) {
                return GeneralNames.getInstance(names.getParsedValue());
            }
        }
        return null;
    }

    /** Why the signer must refuse; null if it may sign. The texts are upstream's. */
    @Nullable String refusal() {
        return switch (signer()) {
            case CLIENT -> clientUsages();
            case KUBELET_CLIENT -> kubelet(true);
            case KUBELET_SERVING -> kubelet(false);
            default -> null;
        };
    }

    private @Nullable String clientUsages() {
        return usages().contains("client auth") ? null : "missing required usage: client auth";
    }

    private @Nullable String kubelet(boolean client) {
        GeneralNames names = names();
        if (!organizations().equals(NODES)) {
            return "subject organization is not system:nodes";
        }
        if (!commonName().startsWith(NODE_PREFIX)) {
            return "subject common name does not begin with system:node:";
        }
        if (client && names != null) {
            return "DNS subjectAltNames are not allowed";
        }
        if (!client && !hasHost(names)) {
            return "DNS or IP subjectAltName is required";
        }
        String purpose = client ? "client auth" : "server auth";
        Set<String> allowed = Set.of("key encipherment", "digital signature", purpose);
        Set<String> required = Set.of("digital signature", purpose);
        return usages().containsAll(required) && allowed.containsAll(usages())
                ? null
                : "usages did not match " + String.join(", ", new java.util.TreeSet<>(allowed));
    }

    private static boolean hasHost(@Nullable GeneralNames names) {
        if (names == null) {
            return false;
        }
        for (GeneralName name : names.getNames()) {
            if (name.getTagNo() != GeneralName.dNSName
                    && name.getTagNo() != GeneralName.iPAddress) {
                return false;
            }
        }
        return names.getNames().length > 0;
    }

    /** Whether it is one that a kubelet makes for itself. */
    boolean kubeletClient() {
        return signer().equals(KUBELET_CLIENT) && refusal() == null;
    }

    /** Whether a node asks for its own certificate again. */
    boolean self() {
        return commonName().equals(object.text("spec", "username"));
    }
}
