package io.jarnetes.apiserver.server.endpoints;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.codec.DecodeException;
import io.jarnetes.apiserver.schema.codec.Decoded;
import io.jarnetes.apiserver.schema.codec.TreeCodec;
import io.jarnetes.apiserver.server.admission.AdmissionChain;
import io.jarnetes.apiserver.server.registry.AdmissionHook;
import io.jarnetes.apiserver.server.registry.ApiException;
import io.jarnetes.apiserver.server.registry.FieldError;
import io.jarnetes.apiserver.server.registry.Meta;
import io.jarnetes.apiserver.server.registry.RequestContext;
import io.jarnetes.apiserver.server.registry.UpdateFunction;
import io.jarnetes.apiserver.server.registry.Updated;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** create, update, patch. */
final class WriteVerbs {

    private static final Pattern UNMARSHAL =
            Pattern.compile("json: cannot unmarshal (\\w+) into Go .* of type (\\S+)");

    private final TreeCodec codec;
    private final BodyReader bodies;
    private final Patcher patcher;
    private final ApplyVerb applies;
    private final CreationCheck creations;
    private final AdmissionChain admission;

    WriteVerbs(
            TreeCodec codec,
            Patcher patcher,
            ApplyVerb applies,
            CreationCheck creations,
            AdmissionChain admission) {
        this.creations = creations;
        this.applies = applies;
        this.codec = codec;
        this.bodies = new BodyReader(codec);
        this.patcher = patcher;
        this.admission = admission;
    }

    void create(Call call) {
        RequestContext context = call.writeContext("CreateOptions");
        ObjectNode object =
                bodies.read(
                        call.request(),
                        call.definition().gvk(),
                        context.fieldValidation(),
                        context.warnings());
        String name = call.info().name();
        ObjectNode stored =
                call.store()
                        .create(
                                context,
                                name,
                                call.versions().toHub(object),
                                hook(call, context, "CreateOptions"));
        int code = stored.path("kind").asString("").equals("Status") ? code(stored) : 201;
        send(call, code, stored);
    }

    private static int code(ObjectNode status) {
        return status.path("code").asInt(201);
    }

    void update(Call call) {
        RequestContext context = call.writeContext("UpdateOptions");
        ObjectNode object =
                bodies.read(
                        call.request(),
                        call.definition().gvk(),
                        context.fieldValidation(),
                        context.warnings());
        checkName(call, object);
        ObjectNode hub = call.versions().toHub(object);
        Updated updated =
                call.store()
                        .update(
                                context,
                                call.info().name(),
                                UpdateFunction.replacing(current -> {
                                    if (current == null) {
                                        creations.check(call);
                                    }
                                    return hub.deepCopy();
                                }),
                                false,
                                hook(call, context, "UpdateOptions"));
        send(call, updated.created() ? 201 : 200, updated.object());
    }

    private static void checkName(Call call, ObjectNode object) {
        String wanted = call.info().name();
        String name = Meta.name(object);
        if (name.isEmpty()) {
            throw ApiException.badRequest(
                    "the name of the object ("
                            + wanted
                            + " based on URL) was undeterminable: name must be provided");
        }
        if (!name.equals(wanted)) {
            throw ApiException.badRequest(
                    "the name of the object ("
                            + name
                            + ") does not match the name on the URL ("
                            + wanted
                            + ")");
        }
        String namespace = Meta.namespace(object);
        if (!call.namespace().isEmpty()
                && !namespace.isEmpty()
                && !namespace.equals(call.namespace())) {
            throw ApiException.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the"
                            + " request");
        }
    }

    void patch(Call call) {
        Patcher.Type type = patchType(call.request().headers().first("Content-Type"));
        RequestContext context = call.writeContext("PatchOptions");
        if (type == Patcher.Type.APPLY) {
            Updated applied = applies.apply(call, context, hook(call, context, "PatchOptions"));
            send(call, applied.created() ? 201 : 200, applied.object());
            return;
        }
        if (call.query().has("force")) {
            throw Query.invalid(
                    "PatchOptions",
                    FieldError.forbidden("force", "may not be specified for non-apply patch"));
        }
        Warnings warnings = call.answer().warnings();
        Updated updated =
                call.store()
                        .update(
                                context,
                                call.info().name(),
                                current -> {
                                    warnings.clear();
                                    return patched(call, context, type, current);
                                },
                                false,
                                hook(call, context, "PatchOptions"));
        send(call, updated.created() ? 201 : 200, updated.object());
    }

    private ObjectNode patched(
            Call call, RequestContext context, Patcher.Type type, @Nullable ObjectNode current) {
        if (current == null) {
            throw ApiException.notFound(call.store().resource(), call.info().name());
        }
        GroupVersionKind kind = call.definition().gvk();
        ObjectNode before = codec.canonical(call.versions().toAsked(current));
        Patcher.Patched after =
                patcher.patch(type, call.request().body(), before, call.definition());
        try {
            Decoded decoded = codec.decode(after.object(), kind);
            List<String> strict = new ArrayList<>(after.strictErrors());
            strict.addAll(decoded.strictErrors());
            if (!strict.isEmpty()) {
                switch (context.fieldValidation()) {
                    case IGNORE -> {}
                    case WARN -> strict.forEach(context.warnings());
                    case STRICT ->
                            throw unfit(
                                    after, "strict decoding error: " + String.join(", ", strict));
                }
            }
            ObjectNode object = decoded.object();
            checkSame(after, kind, before, object);
            if (!Meta.name(object).equals(call.info().name())) {
                checkName(call, object);
            }
            return call.versions().toHub(object);
        } catch (DecodeException e) {
            String message = String.valueOf(e.getMessage());
            throw unfit(after, type == Patcher.Type.STRATEGIC ? restored(message) : message);
        }
    }

    /** A strategic patch is no JSON that is read: upstream fills its type out of maps. */
    private static String restored(String message) {
        Matcher parts = UNMARSHAL.matcher(message);
        if (!parts.matches()) {
            return message;
        }
        String given = parts.group(1).equals("object") ? "map" : parts.group(1);
        String from = given.equals("array") ? "slice" : given.equals("number") ? "int64" : given;
        String wanted = parts.group(2);
        if (wanted.startsWith("[]")) {
            return "cannot restore slice from " + from;
        }
        if (wanted.startsWith("map[")) {
            return "cannot restore map from " + from;
        }
        return wanted.contains(".")
                ? "cannot restore struct from: " + from
                : "unrecognized type: " + wanted;
    }

    /** A patch makes no other object of this: its kind, version and uid stay. */
    private static void checkSame(
            Patcher.Patched after, GroupVersionKind kind, ObjectNode before, ObjectNode object) {
        GroupVersionKind found = GroupVersionKind.of(object);
        if (!found.equals(kind)) {
            throw unfit(after, BodyReader.unconvertible(found, kind));
        }
        String uid = Meta.uid(object);
        if (!uid.isEmpty() && !uid.equals(Meta.uid(before))) {
            FieldError error = FieldError.invalid("metadata.uid", uid, "field is immutable");
            // Upstream finds it twice: in general, and by the kind's strategy.
            throw ApiException.invalid(
                    kind.group(), kind.kind(), Meta.name(before), List.of(error, error));
        }
    }

    /** The patched object is none of its kind. */
    private static ApiException unfit(Patcher.Patched patched, String why) {
        return ApiException.invalid(
                "", "", "", List.of(FieldError.invalid("patch", patched.shown(), why)));
    }

    private static Patcher.Type patchType(@Nullable String contentType) {
        String name = contentType == null ? "" : contentType.split(";")[0].strip();
        for (Patcher.Type type : Patcher.Type.values()) {
            if (type.contentType().equals(name)) {
                return type;
            }
        }
        throw ApiException.mediaTypeOfRoute();
    }

    private AdmissionHook hook(Call call, RequestContext context, String optionsKind) {
        ObjectNode options = Meta.object();
        options.put("kind", optionsKind);
        options.put("apiVersion", "meta.k8s.io/v1");
        if (context.dryRun()) {
            options.putArray("dryRun").add("All");
        }
        options.put("fieldManager", context.fieldManager());
        return new AdmissionAdapter(
                admission, call.info(), context, call.definition().kind(), options, false);
    }

    private static void send(Call call, int code, ObjectNode object) {
        call.answer().send(code, call.encoder().contentType(), call.encoder().object(object));
    }
}
