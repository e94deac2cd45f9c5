package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.Decoded;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.server.registry.AdmissionHook;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.Updated;
import io.jarnetes.apiserver.server.registry.managedfields.ServerSideApply;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** PATCH with {@code application/apply-patch+yaml}: server-side apply. */
final class ApplyVerb {

    private final TreeCodec codec;
    private final ServerSideApply merger;
    private final CreationCheck creations;
    private final InstantSource clock;

    ApplyVerb(
            TreeCodec codec, ServerSideApply merger, CreationCheck creations, InstantSource clock) {
        this.codec = codec;
        this.merger = merger;
        this.creations = creations;
        this.clock = clock;
    }

    Updated apply(Call call, RequestContext context, AdmissionHook admission) {
        if (call.query().text("fieldManager").isEmpty()) {
            throw Query.invalid(
                    "PatchOptions",
                    FieldError.required("fieldManager", "is required for apply patch"));
        }
        ObjectNode config = ApplyConfig.read(call.request().body());
        check(call, config);
        boolean force = call.query().flag("force");
        // The store itself notes nothing: who owns what is settled here.
        return call.store()
                .update(
                        context.managedBy(""),
                        call.info().name(),
                        current -> merged(call, context, config, current, force),
                        true,
                        admission);
    }

    private static void check(Call call, ObjectNode config) {
        GroupVersionKind expected = call.definition().gvk();
        GroupVersionKind kind = GroupVersionKind.of(config);
        if (!kind.equals(expected)) {
            throw ApiException.badRequest("invalid object type: " + kind);
        }
        if (!config.path("metadata").path("managedFields").isMissingNode()) {
            throw ApiException.badRequest("metadata.managedFields must be nil");
        }
        if (Meta.name(config).isEmpty()) {
            throw ApiException.badRequest(
                    "the name of the object ("
                            + call.info().name()
                            + " based on URL) was undeterminable: name must be provided");
        }
    }

    private ObjectNode merged(
            Call call,
            RequestContext context,
            ObjectNode config,
            @Nullable ObjectNode current,
            boolean force) {
        if (current == null) {
            creations.check(call);
        }
        GroupVersionKind kind = call.definition().gvk();
        if (current == null && !Meta.uid(config).isEmpty()) {
            throw ApiException.conflict(
                    call.store().resource(),
                    call.info().name(),
                    "uid mismatch: the provided object specified uid "
                            + Meta.uid(config)
                            + ", and no existing object was found");
        }
        ObjectNode live =
                current == null ? blank(kind) : codec.canonical(call.versions().toAsked(current));
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        ObjectNode merged =
                merger.apply(
                        live,
                        blank(kind),
                        config,
                        context.fieldManager(),
                        call.info().subresource(),
                        force,
                        now);
        try {
            Decoded decoded = codec.decode(merged, kind);
            BodyReader.report(decoded, kind, kind, context.fieldValidation(), context.warnings());
            ObjectNode object = decoded.object();
            if (current == null) {
                // A version of what isn't there says nothing.
                Meta.of(object).remove("resourceVersion");
            }
            if (!Meta.name(object).equals(call.info().name())) {
                throw ApiException.badRequest(
                        "the name of the object ("
                                + Meta.name(object)
                                + ") does not match the name on the URL ("
                                + call.info().name()
                                + ")");
            }
            return call.versions().toHub(object);
        } catch (DecodeException e) {
            throw ApiException.badRequest(
                    "failed to create typed patch object ("
                            + call.namespace()
                            + "/"
                            + call.info().name()
                            + "; "
                            + kind
                            + "): "
                            + e.getMessage());
        }
    }

    private ObjectNode blank(GroupVersionKind kind) {
        ObjectNode blank = Meta.object();
        blank.put("kind", kind.kind());
        blank.put("apiVersion", kind.apiVersion());
        return codec.canonical(blank);
    }
}
