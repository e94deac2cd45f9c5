package io.jarnetes.controllermanager.certificates;

import io.jarnetes.base.log.Log;
import io.jarnetes.controllermanager.framework.Controller;
import io.jarnetes.controllermanager.framework.ControllerContext;
import io.jarnetes.controllermanager.framework.Keyed;
import io.jarnetes.kubeclient.ApiClient;
import io.jarnetes.kubeclient.ApiException;
import io.jarnetes.kubeclient.Informer;
import io.jarnetes.kubeclient.Json;
import io.jarnetes.kubeclient.KubeObject;
import io.jarnetes.kubeclient.Resource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The approving, signing and cleaning controllers; each is one function of one object. */
public final class CertificateControllers {

    private static final String ACCOUNT = "certificate-controller";
    private static final Set<String> SIGNERS =
            Set.of(Request.CLIENT, Request.KUBELET_CLIENT, Request.KUBELET_SERVING, Request.LEGACY);

    private final Clock clock;
    private final Log log;
    private final ApiClient client;
    private final Informer requests;

    private CertificateControllers(ControllerContext context) {
        this.clock = context.clock();
        this.log = context.log();
        this.client = context.client(ACCOUNT);
        this.requests = context.informer(Resource.CERTIFICATE_SIGNING_REQUESTS);
    }

    /** Approves client certificates of kubelets that may have them. */
    public static Controller approving(ControllerContext context) {
        CertificateControllers controllers = new CertificateControllers(context);
        return new Keyed(context, "csr-approving", 5, controllers::approve)
                .watch(controllers.requests)
                .start();
    }

    /** Without a CA nothing is signed. */
    public static Controller signing(ControllerContext context) {
        String certificate = context.settings().signingCertificate();
        String key = context.settings().signingKey();
        if (certificate == null || key == null) {
            return () -> {};
        }
        Signer signer = new Signer(certificate, key, context.settings().signingDuration());
        CertificateControllers controllers = new CertificateControllers(context);
        return new Keyed(context, "csr-signing", 5, name -> controllers.sign(signer, name))
                .watch(controllers.requests)
                .start();
    }

    /** Deletes requests when their {@link Lifetime} is over. */
    public static Controller cleaning(ControllerContext context) {
        CertificateControllers controllers = new CertificateControllers(context);
        Keyed[] self = new Keyed[1];
        Keyed keyed =
                new Keyed(
                        context,
                        "csr-cleaning",
                        1,
                        name -> controllers.clean(java.util.Objects.requireNonNull(self[0]), name));
        self[0] = keyed;
        return keyed.watch(controllers.requests).start();
    }

    private static boolean has(KubeObject request, String type) {
        return request.conditionTrue(type)
                || !request.condition(type).isMissingNode()
                        && Json.text(request.condition(type), "status").isEmpty();
    }

    private void approve(String name) {
        KubeObject object = requests.get(name).orElse(null);
        if (object == null
                || !object.text("status", "certificate").isEmpty()
                || has(object, "Approved")
                || has(object, "Denied")) {
            return;
        }
        Request request = parsed(object);
        if (request == null || !request.kubeletClient()) {
            return;
        }
        if (request.self() && allowed(object, "selfnodeclient")) {
            approve(
                    object,
                    "Auto approving self kubelet client certificate after SubjectAccessReview.");
        } else if (allowed(object, "nodeclient")) {
            approve(object, "Auto approving kubelet client certificate after SubjectAccessReview.");
        }
    }

    private @org.jspecify.annotations.Nullable Request parsed(KubeObject object) {
        try {
            return Request.of(object);
        } catch (IOException e) {
            log.debug("Unable to parse csr", "csr", object.name(), "err", e.getMessage());
            return null;
        }
    }

    private boolean allowed(KubeObject object, String subresource) {
        ObjectNode spec =
                Json.of(
                        "user",
                        object.text("spec", "username"),
                        "uid",
                        object.text("spec", "uid"),
                        "groups",
                        Json.list(object.tree(), "spec", "groups"),
                        "resourceAttributes",
                        Json.of(
                                "group", "certificates.k8s.io",
                                "resource", "certificatesigningrequests",
                                "subresource", subresource,
                                "verb", "create",
                                "version", "*"));
        JsonNode extra = object.at("spec", "extra");
        if (!extra.isEmpty()) {
            spec.set("extra", extra.deepCopy());
        }
        return client.create(
                        "/apis/authorization.k8s.io/v1/subjectaccessreviews",
                        Json.of(
                                "apiVersion",
                                "authorization.k8s.io/v1",
                                "kind",
                                "SubjectAccessReview",
                                "spec",
                                spec))
                .flag("status", "allowed");
    }

    private void approve(KubeObject object, String message) {
        ObjectNode tree = object.copy();
        condition(tree, "Approved", "AutoApproved", message);
        client.update(Resource.CERTIFICATE_SIGNING_REQUESTS, tree, "approval");
    }

    private void condition(ObjectNode tree, String type, String reason, String message) {
        tree.withObjectProperty("status")
                .withArrayProperty("conditions")
                .add(
                        Json.of(
                                "type", type,
                                "status", "True",
                                "reason", reason,
                                "message", message,
                                "lastUpdateTime", KubeObject.time(clock.instant())));
    }

    private void sign(Signer signer, String name) {
        KubeObject object = requests.get(name).orElse(null);
        if (object == null
                || !has(object, "Approved")
                || has(object, "Failed")
                || !object.text("status", "certificate").isEmpty()
                || !SIGNERS.contains(object.text("spec", "signerName"))) {
            return;
        }
        Request request = parsed(object);
        if (request == null) {
            return;
        }
        ObjectNode tree = object.copy();
        String refusal = request.refusal();
        if (refusal != null) {
            condition(tree, "Failed", "SignerValidationFailure", refusal);
        } else {
            try {
                String pem = signer.sign(request, clock.instant());
                tree.withObjectProperty("status")
                        .put(
                                "certificate",
                                Base64.getEncoder()
                                        .encodeToString(pem.getBytes(StandardCharsets.US_ASCII)));
            } catch (IOException e) {
                throw ApiException.unreachable("error auto signing csr", e);
            }
        }
        client.update(Resource.CERTIFICATE_SIGNING_REQUESTS, tree, "status");
    }

    private void clean(Keyed keyed, String name) {
        KubeObject object = requests.get(name).orElse(null);
        if (object == null) {
            return;
        }
        Instant until = Lifetime.end(object);
        if (until == null) {
            return;
        }
        Duration left = Duration.between(clock.instant(), until);
        if (left.isPositive()) {
            keyed.addAfter(name, left);
            return;
        }
        client.deleteIfThere(Resource.CERTIFICATE_SIGNING_REQUESTS.path(object), null);
    }
}
