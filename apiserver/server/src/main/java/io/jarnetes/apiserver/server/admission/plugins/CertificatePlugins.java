package io.jarnetes.apiserver.server.admission.plugins;

import io.jarnetes.apiserver.server.admission.AdmissionAttributes;
import io.jarnetes.apiserver.server.admission.AdmissionPlugin;
import io.jarnetes.apiserver.server.admission.Operation;
import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.authorization.Attributes;
import io.jarnetes.apiserver.server.authorization.Authorizer;
import io.jarnetes.apiserver.server.registry.Quote;
import io.jarnetes.apiserver.server.tree.Trees;
import io.jarnetes.base.tls.Pem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/**
 * Who may approve and sign CertificateSigningRequests of a signer, and that nobody asks for a
 * client certificate of {@code system:masters}.
 */
final class CertificatePlugins {

    private static final String GROUP = "certificates.k8s.io";
    private static final String RESOURCE = "certificatesigningrequests";
    private static final String CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client";

    private CertificatePlugins() {}

    /** CertificateApproval. */
    record Approval(Authorizer authorizer) implements AdmissionPlugin {

        @Override
        public String name() {
            return "CertificateApproval";
        }

        @Override
        public boolean handles(Operation operation) {
            return operation == Operation.UPDATE;
        }

        @Override
        public void validate(AdmissionAttributes attributes) {
            if (attributes.isResource(GROUP, RESOURCE, "approval")) {
                String signer = Trees.text(attributes.oldObject(), "spec", "signerName");
                require(authorizer, attributes, "approve", signer);
            }
        }
    }

    /** CertificateSigning. */
    record Signing(Authorizer authorizer) implements AdmissionPlugin {

        @Override
        public String name() {
            return "CertificateSigning";
        }

        @Override
        public boolean handles(Operation operation) {
            return operation == Operation.UPDATE;
        }

        @Override
        public void validate(AdmissionAttributes attributes) {
            if (!attributes.isResource(GROUP, RESOURCE, "status")) {
                return;
            }
            String before = Trees.text(attributes.oldObject(), "status", "certificate");
            String after = Trees.text(attributes.object(), "status", "certificate");
            boolean conditions =
                    Trees.items(attributes.oldObject(), "status", "conditions")
                            .equals(Trees.items(attributes.object(), "status", "conditions"));
            if (!before.equals(after) || !conditions) {
                String signer = Trees.text(attributes.oldObject(), "spec", "signerName");
                require(authorizer, attributes, "sign", signer);
            }
        }
    }

    /** CertificateSubjectRestriction. */
    record Subject() implements AdmissionPlugin {

        @Override
        public String name() {
            return "CertificateSubjectRestriction";
        }

        @Override
        public boolean handles(Operation operation) {
            return operation == Operation.CREATE;
        }

        @Override
        public void validate(AdmissionAttributes attributes) {
            String signer = Trees.text(attributes.object(), "spec", "signerName");
            if (!attributes.isResource(GROUP, RESOURCE) || !signer.equals(CLIENT_SIGNER)) {
                return;
            }
            String request = Trees.text(attributes.object(), "spec", "request");
            if (organizations(attributes, request).contains(UserInfo.GROUP_MASTERS)) {
                throw Refusals.forbidden(
                        attributes,
                        "use of "
                                + CLIENT_SIGNER
                                + " signer with system:masters group is not allowed");
            }
        }

        private static List<String> organizations(AdmissionAttributes attributes, String request) {
            try {
                String pem =
                        new String(
                                Base64.getMimeDecoder().decode(request), StandardCharsets.US_ASCII);
                List<Pem.Block> blocks = Pem.blocks(pem);
                if (blocks.isEmpty()) {
                    throw Refusals.forbidden(
                            attributes, "PEM block type must be CERTIFICATE REQUEST");
                }
                RDN[] found =
                        new PKCS10CertificationRequest(blocks.getFirst().der())
                                .getSubject()
                                .getRDNs(BCStyle.O);
                return java.util.Arrays.stream(found)
                        .map(rdn -> IETFUtils.valueToString(rdn.getFirst().getValue()))
                        .toList();
            } catch (IOException | IllegalArgumentException e) {
                throw Refusals.forbidden(
                        attributes, "unable to parse csr: " + String.valueOf(e.getMessage()));
            }
        }
    }

    private static void require(
            Authorizer authorizer, AdmissionAttributes attributes, String verb, String signer) {
        int slash = signer.indexOf('/');
        String domain = slash < 0 ? signer : signer.substring(0, slash);
        for (String name : List.of(signer, domain + "/*")) {
            Attributes asked =
                    Attributes.resource(
                            attributes.user(), verb, GROUP, "*", "signers", "", "", name);
            if (authorizer.authorize(asked).allowed()) {
                return;
            }
        }
        throw Refusals.forbidden(
                attributes,
                "user not permitted to " + verb + " requests with signerName " + Quote.go(signer));
    }
}
