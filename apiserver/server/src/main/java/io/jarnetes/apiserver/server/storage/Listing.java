package io.jarnetes.apiserver.server.storage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a list answers.
 *
 * @param items in key order
 * @param resourceVersion of the whole list
 * @param continueToken empty when this is the end
 * @param remainingItemCount null when not known
 */
public record Listing(
        List<StoredObject> items,
        String resourceVersion,
        String continueToken,
        @Nullable Long remainingItemCount) {}
