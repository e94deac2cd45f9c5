package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Strategy;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** CertificateSigningRequests: who asks is what authentication says, and nothing changes later. */
final class CertificateStrategy implements Strategy {

    private static final List<String> USAGES =
            List.of(
                    "any",
                    "cert sign",
                    "client auth",
                    "code signing",
                    "content commitment",
                    "crl sign",
                    "data encipherment",
                    "decipher only",
                    "digital signature",
                    "email protection",
                    "encipher only",
                    "ipsec end system",
                    "ipsec tunnel",
                    "ipsec user",
                    "key agreement",
                    "key encipherment",
                    "microsoft sgc",
                    "netscape sgc",
                    "ocsp signing",
                    "s/mime",
                    "server auth",
                    "signing",
                    "timestamping");

    @Override
    public void prepareForCreate(RequestContext context, ObjectNode request) {
        ObjectNode spec = Meta.child(request, "spec");
        spec.remove(List.of("username", "uid", "groups", "extra"));
        UserInfo user = context.user();
        spec.put("username", user.name());
        if (!user.uid().isEmpty()) {
            spec.put("uid", user.uid());
        }
        if (!user.groups().isEmpty()) {
            ArrayNode groups = spec.putArray("groups");
            user.groups().forEach(groups::add);
        }
        if (!user.extra().isEmpty()) {
            ObjectNode extra = spec.putObject("extra");
            user.extra()
                    .forEach((key, values) -> {
                        ArrayNode array = extra.putArray(key);
                        values.forEach(array::add);
                    });
        }
    }

    @Override
    public void prepareForUpdate(RequestContext context, ObjectNode request, ObjectNode old) {
        Meta.copyField(old, request, "spec");
    }

    @Override
    public void validate(ObjectNode request, FieldErrors errors) {
        JsonNode spec = request.path("spec");
        if (!isRequest(spec.path("request").asString(""))) {
            errors.invalid(
                    "spec.request",
                    spec.hasNonNull("request") ? spec.path("request") : null,
                    "PEM block type must be CERTIFICATE REQUEST");
        }
        usages(spec.path("usages"), errors);
        String signer = spec.path("signerName").asString("");
        if (signer.isEmpty()) {
            errors.required("spec.signerName", "");
        } else if (signer.equals("kubernetes.io/legacy-unknown")) {
            errors.invalid(
                    "spec.signerName",
                    signer,
                    "the legacy signerName is not allowed via this API version");
        } else if (signer.indexOf('/') < 0) {
            errors.invalid(
                    "spec.signerName",
                    signer,
                    "must be a fully qualified domain and path of the form"
                            + " 'example.com/signer-name'");
        }
        JsonNode seconds = spec.path("expirationSeconds");
        if (seconds.isNumber() && seconds.asLong() < 600) {
            errors.invalid(
                    "spec.expirationSeconds",
                    seconds,
                    "may not specify a duration less than 600 seconds (10 minutes)");
        }
    }

    private static boolean isRequest(String base64) {
        try {
            String pem = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            return pem.contains("-----BEGIN CERTIFICATE REQUEST-----");
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void usages(JsonNode usages, FieldErrors errors) {
        if (usages.isEmpty()) {
            errors.required("spec.usages", "");
        }
        for (int i = 0; i < usages.size(); i++) {
            String usage = usages.path(i).asString("");
            if (!USAGES.contains(usage)) {
                errors.notSupported("spec.usages[" + i + "]", usage, USAGES);
            }
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < usages.size(); i++) {
            if (!seen.add(usages.path(i).asString(""))) {
                errors.duplicate("spec.usages[" + i + "]", usages.path(i));
            }
        }
    }
}
