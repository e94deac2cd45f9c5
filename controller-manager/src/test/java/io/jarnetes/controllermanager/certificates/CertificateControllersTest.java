package io.jarnetes.controllermanager.certificates;

import static org.assertj.core.api.Assertions.assertThat;

import io.jarnetes.base.tls.Pem;
import io.jarnetes.controllermanager.framework.Settings;
import io.jarnetes.controllermanager.framework.World;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import io.jarnetes.pki.Algorithm;
import io.jarnetes.pki.CertificateAuthority;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class CertificateControllersTest {

    private static final String NODE = "O=system:nodes,CN=system:node:n";
    private static final String USAGES = "client auth,digital signature";

    @AutoClose private final World world = new World(1, settings());

    private static String pem(String label, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(label, Base64.getMimeEncoder().encodeToString(der), label);
    }

    private static Settings settings() {
        KeyPair keys = Algorithm.ECDSA_P256.generate();
        java.time.Clock clock =
                java.time.Clock.fixed(World.START.minusSeconds(60), java.time.ZoneOffset.UTC);
        CertificateAuthority authority =
                CertificateAuthority.create(
                        "CA", false, keys, Duration.ofDays(10), clock, new SecureRandom());
        try {
            return new Settings(
                    null,
                    pem("CERTIFICATE", authority.certificate().getEncoded()),
                    pem("PRIVATE KEY", keys.getPrivate().getEncoded()),
                    Duration.ofDays(5),
                    null,
                    List.of(),
                    false,
                    Duration.ofSeconds(50),
                    12_500);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void request(String name, String subject, String usages) {
        world.store()
                .put(
                        Resource.CERTIFICATE_SIGNING_REQUESTS,
                        Requests.of(name, Request.KUBELET_CLIENT, subject, List.of(), usages));
    }

    private KubeObject request(String name) {
        return world.get(Resource.CERTIFICATE_SIGNING_REQUESTS, name);
    }

    private void approveByHand(String name) {
        world.status(
                Resource.CERTIFICATE_SIGNING_REQUESTS,
                name,
                "{status: {conditions: [{type: Approved, status: 'True', lastUpdateTime:"
                        + " '2026-01-01T00:00:00Z'}]}}");
    }

    @Test
    void aKubeletThatMayHasItsCertificateApprovedAndSigned() throws Exception {
        world.server()
                .allow(spec ->
                        Json.text(spec, "resourceAttributes", "subresource").equals("nodeclient")
                                && Json.list(spec, "groups").contains("system:bootstrappers"));
        request("r", NODE, USAGES);
        request("foreign", "CN=somebody", USAGES);
        world.start(CertificateControllers::approving, CertificateControllers::signing);
        world.until("signed", () -> !request("r").text("status", "certificate").isEmpty());
        assertThat(Json.text(request("r").condition("Approved"), "message"))
                .isEqualTo("Auto approving kubelet client certificate after SubjectAccessReview.");
        String text =
                new String(
                        Base64.getDecoder().decode(request("r").text("status", "certificate")),
                        StandardCharsets.US_ASCII);
        assertThat(Pem.certificates(text, "test").getFirst().getSubjectX500Principal().getName())
                .contains("CN=system:node:n");
        assertThat(request("foreign").at("status", "conditions")).isEmpty();
    }

    @Test
    void aNodeThatAsksForItselfIsToldSo() {
        world.server()
                .allow(spec ->
                        Json.text(spec, "resourceAttributes", "subresource")
                                .equals("selfnodeclient"));
        KubeObject self = Requests.of("r", Request.KUBELET_CLIENT, NODE, List.of(), USAGES);
        var tree = self.copy();
        tree.withObjectProperty("spec").put("username", "system:node:n");
        world.store().put(Resource.CERTIFICATE_SIGNING_REQUESTS, KubeObject.of(tree));
        world.start(CertificateControllers::approving);
        world.until("approved", () -> request("r").conditionTrue("Approved"));
        assertThat(Json.text(request("r").condition("Approved"), "message"))
                .isEqualTo(
                        "Auto approving self kubelet client certificate after"
                                + " SubjectAccessReview.");
    }

    @Test
    void whoMayNotWaitsForSomebody() {
        request("r", NODE, USAGES);
        request("later", NODE, USAGES);
        world.server().allow(spec -> false);
        world.start(CertificateControllers::approving, CertificateControllers::signing);
        approveByHand("later");
        world.until("signed", () -> !request("later").text("status", "certificate").isEmpty());
        assertThat(request("r").at("status", "conditions")).isEmpty();
    }

    @Test
    void whatTheSignerRefusesHasFailed() {
        request("r", NODE, "client auth");
        world.start(CertificateControllers::signing);
        approveByHand("r");
        world.until("failed", () -> request("r").conditionTrue("Failed"));
        assertThat(Json.text(request("r").condition("Failed"), "reason"))
                .isEqualTo("SignerValidationFailure");
        assertThat(Json.text(request("r").condition("Failed"), "message"))
                .isEqualTo("usages did not match [client auth digital signature key encipherment]");
        assertThat(request("r").text("status", "certificate")).isEmpty();
    }

    @Test
    void requestsWhoseTimeIsOverGo() {
        request("old", NODE, USAGES);
        world.start(CertificateControllers::cleaning);
        world.caughtUp(Resource.CERTIFICATE_SIGNING_REQUESTS);
        world.clock().advance(Duration.ofHours(25));
        request("new", NODE, USAGES);
        world.edit(
                Resource.CERTIFICATE_SIGNING_REQUESTS, "old", "{metadata: {labels: {look: now}}}");
        world.until("gone", () -> world.gone(Resource.CERTIFICATE_SIGNING_REQUESTS, "old"));
        assertThat(world.gone(Resource.CERTIFICATE_SIGNING_REQUESTS, "new")).isFalse();
    }
}
