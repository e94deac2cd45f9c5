package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.Quote;
import org.jspecify.annotations.Nullable;

/**
 * A list of indexes such as {@code 0,2-4,7}.
 *
 * @param total how many indexes it has; 0 where it can't be read
 * @param complaint why it can't be read, in upstream's words; null where it can
 */
record IndexList(long total, @Nullable String complaint) {

    /** {@code completions}: indexes are below this. */
    static IndexList parse(String text, long completions) {
        if (text.isEmpty()) {
            return new IndexList(0, null);
        }
        long total = 0;
        long last = -1;
        for (String fragment : text.split(",", -1)) {
            String[] limits = fragment.split("-", -1);
            if (limits.length > 2) {
                return wrong(
                        "the fragment "
                                + Quote.go(fragment)
                                + " violates the requirement that an index interval can have at"
                                + " most two parts separated by '-'");
            }
            for (String limit : limits) {
                String complaint = complaint(limit, completions);
                if (complaint != null) {
                    return wrong(complaint);
                }
            }
            long first = Long.parseLong(limits[0]);
            long end = Long.parseLong(limits[limits.length - 1]);
            if (limits.length == 2 && first >= end) {
                return wrong(order(first, end));
            }
            if (total > 0 && last >= first) {
                return wrong(order(last, first));
            }
            total += end - first + 1;
            last = end;
        }
        return new IndexList(total, null);
    }

    /** The first index that is in both lists; intervals that can't be read are passed over. */
    static @Nullable Long firstShared(String one, String other, long completions) {
        for (String left : one.split(",", -1)) {
            for (String right : other.split(",", -1)) {
                boolean readable =
                        !left.isEmpty()
                                && !right.isEmpty()
                                && parse(left, completions).complaint == null
                                && parse(right, completions).complaint == null;
                if (readable && first(left) <= last(right) && first(right) <= last(left)) {
                    return Math.max(first(left), first(right));
                }
            }
        }
        return null;
    }

    private static long first(String interval) {
        return Long.parseLong(interval.split("-", -1)[0]);
    }

    private static long last(String interval) {
        String[] limits = interval.split("-", -1);
        return Long.parseLong(limits[limits.length - 1]);
    }

    private static @Nullable String complaint(String limit, long completions) {
        if (!limit.matches("\\+?[0-9]{1,18}")) {
            return "cannot convert string to integer for index: " + Quote.go(limit);
        }
        return Long.parseLong(limit) >= completions ? "too large index: " + Quote.go(limit) : null;
    }

    private static String order(long previous, long current) {
        return "non-increasing order, previous: " + previous + ", current: " + current;
    }

    private static IndexList wrong(String complaint) {
        return new IndexList(0, complaint);
    }
}
