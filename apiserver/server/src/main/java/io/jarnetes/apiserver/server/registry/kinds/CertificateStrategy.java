package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.authentication.UserInfo;
import io.jarnetes.apiserver.server.registry.FieldErrors;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Strategy;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** CertificateSigningRequests: who asks is what authentication says, and nothing changes later. */
final class CertificateStrategy implements Strategy {

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
        if (spec.path("usages").isEmpty()) {
            errors.required("spec.usages", "");
        }
        String signer = spec.path("signerName").asString("");
        if (signer.isEmpty()) {
            errors.required("spec.signerName", "");
        } else if (signer.indexOf('/') < 0) {
            errors.invalid(
                    "spec.signerName",
                    signer,
                    "must be a fully qualified domain and path of the form"
                            + " 'example.com/signer-name'");
        }
        if (spec.path("request").asString("").isEmpty()) {
            errors.invalid("spec.request", null, "PEM block type must be CERTIFICATE REQUEST");
        }
        JsonNode seconds = spec.path("expirationSeconds");
        if (seconds.isNumber() && seconds.asLong() < 600) {
            errors.invalid(
                    "spec.expirationSeconds",
                    seconds,
                    "may not specify a duration less than 600 seconds (10 minutes)");
        }
    }

    /** {@code approval}: only the Approved and Denied conditions count. */
    static void restrictApproval(RequestContext context, ObjectNode request, ObjectNode old) {
        Meta.copyField(old, request, "spec");
        List<JsonNode> wanted = conditions(request, true);
        List<JsonNode> kept = conditions(old, false);
        Meta.copyField(old, request, "status");
        setConditions(request, wanted, kept);
    }

    /** {@code status}: everything but the Approved and Denied conditions. */
    static void restrictStatus(RequestContext context, ObjectNode request, ObjectNode old) {
        Meta.copyField(old, request, "spec");
        setConditions(request, conditions(old, true), conditions(request, false));
    }

    private static List<JsonNode> conditions(ObjectNode request, boolean approval) {
        List<JsonNode> chosen = new ArrayList<>();
        for (JsonNode each : request.path("status").path("conditions")) {
            String type = each.path("type").asString("");
            if ((type.equals("Approved") || type.equals("Denied")) == approval) {
                chosen.add(each.deepCopy());
            }
        }
        return chosen;
    }

    private static void setConditions(
            ObjectNode request, List<JsonNode> first, List<JsonNode> second) {
        ObjectNode status = Meta.child(request, "status");
        status.remove("conditions");
        if (!first.isEmpty() || !second.isEmpty()) {
            ArrayNode array = status.putArray("conditions");
            first.forEach(array::add);
            second.forEach(array::add);
        }
    }
}
