package io.jarnetes.etcd.storage.mvcc;

/**
 * How a range is read. Sorting by other targets and revision filters come above, on the result.
 *
 * @param limit how many pairs to return at most; 0 or less for all. Does not change the count.
 * @param revision the main revision to read at; 0 or less for the current one
 * @param countOnly return no pairs, only the count
 * @param keysOnly leave the values out
 */
public record RangeOptions(long limit, long revision, boolean countOnly, boolean keysOnly) {
    /** All pairs with values at the current revision. */
    public static final RangeOptions LATEST = new RangeOptions(0, 0, false, false);

    /** All pairs with values at {@code revision}. */
    public static RangeOptions at(long revision) {
        return new RangeOptions(0, revision, false, false);
    }
}
