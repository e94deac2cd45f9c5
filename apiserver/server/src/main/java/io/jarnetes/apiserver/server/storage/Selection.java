package io.jarnetes.apiserver.server.storage;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which objects of a resource are wanted.
 *
 * @param keyPrefix of the resource, of a namespace, or a whole key with {@code exactKey}
 * @param filter by label and field selectors; null for all
 */
public record Selection(
        String keyPrefix, boolean exactKey, @Nullable Predicate<StoredObject> filter) {

    /** Everything below a prefix. */
    public static Selection all(String keyPrefix) {
        return new Selection(keyPrefix, false, null);
    }

    boolean all() {
        return filter == null && !exactKey;
    }

    boolean matches(StoredObject object) {
        return (!exactKey || object.key().equals(keyPrefix))
                && (filter == null || filter.test(object));
    }

    /** Where the range of keys ends, exclusive. */
    String end() {
        return exactKey ? keyPrefix + '\0' : EtcdKv.prefixEnd(keyPrefix);
    }
}
