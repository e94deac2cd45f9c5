package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.server.admission.AdmissionChain;
import io.jarnetes.apiserver.server.registry.AdmissionHook;
import io.jarnetes.apiserver.server.registry.DeleteOptions;
import io.jarnetes.apiserver.server.registry.DeleteOptionsReader;
import io.jarnetes.apiserver.server.registry.Deletion;
import io.jarnetes.apiserver.server.registry.FieldValidation;
import io.jarnetes.apiserver.server.registry.ListOptions;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.storage.Listing;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** delete and deletecollection. */
final class DeleteVerbs {

    private final BodyReader bodies;
    private final AdmissionChain admission;

    DeleteVerbs(TreeCodec codec, AdmissionChain admission) {
        this.bodies = new BodyReader(codec);
        this.admission = admission;
    }

    void handle(Call call) {
        ObjectNode given = options(call);
        DeleteOptions options = DeleteOptionsReader.read(given);
        RequestContext context = call.context(dryRun(given), "", FieldValidation.IGNORE);
        AdmissionHook hook =
                new AdmissionAdapter(
                        admission, call.info(), context, call.definition().kind(), given, true);
        if (call.info().parts().size() > 1) {
            one(call, context, options, hook);
        } else {
            collection(call, context, options, hook);
        }
    }

    private static void one(
            Call call, RequestContext context, DeleteOptions options, AdmissionHook hook) {
        Deletion deletion = call.store().delete(context, call.info().name(), options, hook);
        boolean accepted =
                !deletion.immediate() && Boolean.FALSE.equals(options.orphanDependents());
        byte[] body = call.encoder().object(deletion.object());
        call.answer().send(accepted ? 202 : 200, call.encoder().contentType(), body);
    }

    private static void collection(
            Call call, RequestContext context, DeleteOptions options, AdmissionHook hook) {
        ListOptions which = call.query().listOptions();
        Listing listing = call.store().deleteCollection(context, options, which, hook);
        call.answer().send(200, call.encoder().contentType(), call.encoder().list(listing));
    }

    /** The body's options; the query's where there is no body. */
    private ObjectNode options(Call call) {
        if (call.request().body().length == 0) {
            ObjectNode options = call.query().deleteOptions();
            options.put("kind", "DeleteOptions");
            options.put("apiVersion", "meta.k8s.io/v1");
            return options;
        }
        // Options come as meta.k8s.io/v1, as v1, or in the resource's own group.
        GroupVersionKind kind = new GroupVersionKind("meta.k8s.io", "v1", "DeleteOptions");
        return bodies.readOptions(call.request(), kind);
    }

    private static boolean dryRun(ObjectNode options) {
        List<String> wanted = new ArrayList<>();
        for (JsonNode each : options.path("dryRun")) {
            wanted.add(each.asString(""));
        }
        return Query.dryRun("DeleteOptions", wanted);
    }
}
