package io.jarnetes.controllermanager.certificates;

import io.jarnetes.base.tls.Pem;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

    private static final int DNS = GeneralName.dNSName;
    private static final int EMAIL = GeneralName.rfc822Name;
    private static final int IP = GeneralName.iPAddress;
    private static final int URI = GeneralName.uniformResourceIdentifier;
    private static final Map<Integer, String> NAMES =
            Map.of(DNS, "DNS", EMAIL, "Email", IP, "IP", URI, "URI");

    private static final String CLIENT_AUTH = "client auth";
    private static final String SIGNATURE = "digital signature";
    private static final String ENCIPHERMENT = "key encipherment";
    private static final Set<String> OF_CLIENTS = Set.of(CLIENT_AUTH, SIGNATURE, ENCIPHERMENT);

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
        for (String usage : Json.list(object.tree(), "spec", "usages")) {
            if (!OF_CLIENTS.contains(usage)) {
                return "invalid usage for client certificate: " + usage;
            }
        }
        return usages().contains(CLIENT_AUTH)
                ? null
                : "missing required usage for client certificate: " + CLIENT_AUTH;
    }

    private @Nullable String kubelet(boolean client) {
        if (!organizations().equals(NODES)) {
            return "subject organization is not system:nodes";
        }
        String names = client ? clientNames() : servingNames();
        if (names != null) {
            return names;
        }
        // Upstream asks for these two in different orders.
        String usages = kubeletUsages(client ? CLIENT_AUTH : "server auth");
        String subject =
                commonName().startsWith(NODE_PREFIX)
                        ? null
                        : "subject common name does not begin with system:node:";
        String first = client ? subject : usages;
        return first != null ? first : client ? usages : subject;
    }

    private @Nullable String clientNames() {
        for (int kind : List.of(DNS, EMAIL, IP, URI)) {
            if (hasName(kind)) {
                return NAMES.get(kind) + " subjectAltNames are not allowed";
            }
        }
        return null;
    }

    private @Nullable String servingNames() {
        if (!hasName(DNS) && !hasName(IP)) {
            return "DNS or IP subjectAltName is required";
        }
        for (int kind : List.of(EMAIL, URI)) {
            if (hasName(kind)) {
                return NAMES.get(kind) + " subjectAltNames are not allowed";
            }
        }
        return null;
    }

    /** Keys that can't encipher may leave that out. */
    private @Nullable String kubeletUsages(String purpose) {
        Set<String> all = new TreeSet<>(Set.of(SIGNATURE, ENCIPHERMENT, purpose));
        Set<String> asked = new TreeSet<>(usages());
        asked.add(ENCIPHERMENT);
        return asked.equals(all) ? null : "usages did not match [" + String.join(" ", all) + "]";
    }

    private boolean hasName(int kind) {
        GeneralNames names = names();
        if (names == null) {
            return false;
        }
        for (GeneralName name : names.getNames()) {
            if (name.getTagNo() == kind) {
                return true;
            }
        }
        return false;
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
