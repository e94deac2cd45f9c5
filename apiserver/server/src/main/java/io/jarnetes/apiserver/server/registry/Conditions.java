package io.jarnetes.apiserver.server.registry;

import tools.jackson.databind.node.ObjectNode;

/** What a write may presuppose of the stored object: uid and resourceVersion. */
final class Conditions {

    private Conditions() {}

    /** A PUT's or PATCH's new state against the stored one; sets the resourceVersion. */
    static void checkUpdate(ResourceInfo info, ObjectNode object, ObjectNode old) {
        String name = Meta.name(old);
        String uid = Meta.uid(object);
        if (!uid.isEmpty() && !uid.equals(Meta.uid(old))) {
            throw uidConflict(info, name, uid, Meta.uid(old));
        }
        String version = Meta.resourceVersion(object);
        String current = Meta.resourceVersion(old);
        if (version.isEmpty() || version.equals("0")) {
            if (!info.traits().unconditionalUpdate()) {
                FieldErrors errors = new FieldErrors();
                errors.invalid("metadata.resourceVersion", 0, "must be specified for an update");
                throw info.invalid(name, errors);
            }
            Meta.of(object).put("resourceVersion", current);
        } else if (!version.equals(current)) {
            if (!version.chars().allMatch(Character::isDigit)) {
                FieldErrors errors = new FieldErrors();
                errors.invalid(
                        "metadata.resourceVersion",
                        version,
                        "strconv.ParseUint: parsing " + Quote.go(version) + ": invalid syntax");
                throw info.invalid(name, errors);
            }
            throw ApiException.conflict(info.resource(), name, ApiException.OBJECT_MODIFIED);
        }
    }

    /** A delete's preconditions. */
    static void checkDelete(ResourceInfo info, ObjectNode object, DeleteOptions options) {
        String name = Meta.name(object);
        String uid = options.uid();
        if (uid != null && !uid.equals(Meta.uid(object))) {
            throw uidConflict(info, name, uid, Meta.uid(object));
        }
        String version = options.resourceVersion();
        if (version != null && !version.equals(Meta.resourceVersion(object))) {
            throw ApiException.conflict(
                    info.resource(),
                    name,
                    "Precondition failed: ResourceVersion in precondition: "
                            + version
                            + ", ResourceVersion in object meta: "
                            + Meta.resourceVersion(object));
        }
    }

    private static ApiException uidConflict(
            ResourceInfo info, String name, String wanted, String found) {
        return ApiException.conflict(
                info.resource(),
                name,
                "Precondition failed: UID in precondition: "
                        + wanted
                        + ", UID in object meta: "
                        + found);
    }
}
