package io.jarnetes.apiserver.server.registry;

import tools.jackson.databind.node.ObjectNode;

/** What a write may presuppose of the stored object: uid and resourceVersion. */
final class Conditions {

    private Conditions() {}

    /**
     * A PUT's new state against the stored one: it may say which object it means.
     *
     * @param key of the object in etcd
     */
    static void checkUid(ResourceInfo info, ObjectNode object, ObjectNode old, String key) {
        String uid = Meta.uid(object);
        if (!uid.isEmpty() && !uid.equals(Meta.uid(old))) {
            throw ApiException.conflict(
                    info.resource(),
                    Meta.name(old),
                    "StorageError: invalid object, Code: 4, Key: "
                            + key
                            + ", ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in"
                            + " precondition: "
                            + uid
                            + ", UID in object meta: "
                            + Meta.uid(old));
        }
    }

    /** The new state against the stored one; sets the resourceVersion. */
    static void checkUpdate(ResourceInfo info, ObjectNode object, ObjectNode old) {
        String name = Meta.name(old);
        String version = Meta.resourceVersion(object);
        String current = Meta.resourceVersion(old);
        if (version.isEmpty() || version.equals("0")) {
            if (!info.traits().unconditionalUpdate()) {
                FieldErrors errors = new FieldErrors();
                errors.invalid("metadata.resourceVersion", 0, "must be specified for an update");
                // Upstream names the resource here, where it names the kind elsewhere.
                throw ApiException.invalid(
                        info.resource().group(), info.resource().resource(), name, errors.all());
            }
            Meta.of(object).put("resourceVersion", current);
        } else if (!version.equals(current)) {
            if (!version.chars().allMatch(Character::isDigit)) {
                String why = "strconv.ParseUint: parsing " + Quote.go(version) + ": invalid syntax";
                throw new ApiException(new ApiStatus(500, "", why, null));
            }
            throw ApiException.conflict(info.resource(), name, ApiException.OBJECT_MODIFIED);
        }
    }

    /** A delete's preconditions. */
    static void checkDelete(ResourceInfo info, ObjectNode object, DeleteOptions options) {
        String name = Meta.name(object);
        String uid = options.uid();
        if (uid != null && !uid.equals(Meta.uid(object))) {
            throw conflict(
                    info,
                    name,
                    "the UID in the precondition ("
                            + uid
                            + ") does not match the UID in record ("
                            + Meta.uid(object)
                            + "). The object might have been deleted and then recreated");
        }
        String version = options.resourceVersion();
        if (version != null && !version.equals(Meta.resourceVersion(object))) {
            throw conflict(
                    info,
                    name,
                    "the ResourceVersion in the precondition ("
                            + version
                            + ") does not match the ResourceVersion in record ("
                            + Meta.resourceVersion(object)
                            + "). The object might have been modified");
        }
    }

    /** Upstream names the kind here, not the resource. */
    private static ApiException conflict(ResourceInfo info, String name, String why) {
        GroupResource kind = new GroupResource(info.resource().group(), info.hub().kind());
        return ApiException.conflict(kind, name, why);
    }
}
