package io.jarnetes.etcd.storage.auth;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Rules for the permissions of a role. */
final class Permissions {
    private static final Comparator<Permission> BY_KEY =
            (a, b) -> Arrays.compareUnsigned(a.key(), b.key());

    private Permissions() {}

    /** Whether a range can be granted: a key, keys up to a later one, or all from a key on. */
    static boolean valid(Permission permission) {
        byte[] key = permission.key();
        byte[] end = permission.rangeEnd();
        return key.length > 0
                && (end.length == 0
                        || Arrays.compareUnsigned(key, end) < 0
                        || MergedRanges.isOpenEnded(end));
    }

    static boolean sameRange(Permission permission, byte[] key, byte[] rangeEnd) {
        return Arrays.equals(permission.key(), key)
                && Arrays.equals(permission.rangeEnd(), rangeEnd);
    }

    /**
     * The list with a permission granted. Upstream looks at the first permission of the same key
     * alone, so a second range from that key is added even when it is there already.
     */
    static List<Permission> grant(List<Permission> permissions, Permission granted) {
        List<Permission> result = new ArrayList<>(permissions);
        int at = 0;
        while (at < result.size() && BY_KEY.compare(result.get(at), granted) < 0) {
            at++;
        }
        if (at < result.size() && sameRange(result.get(at), granted.key(), granted.rangeEnd())) {
            result.set(at, granted);
        } else {
            result.add(granted);
            result.sort(BY_KEY);
        }
        return result;
    }

    /** The list without what was granted for exactly this range. */
    static List<Permission> revoke(List<Permission> permissions, byte[] key, byte[] rangeEnd) {
        List<Permission> left =
                permissions.stream().filter(has -> !sameRange(has, key, rangeEnd)).toList();
        if (left.size() == permissions.size()) {
            throw new AuthException(AuthException.Code.PERMISSION_NOT_GRANTED);
        }
        return left;
    }
}
