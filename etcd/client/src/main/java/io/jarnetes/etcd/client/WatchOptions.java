package io.jarnetes.etcd.client;

/**
 * What to watch.
 *
 * @param end as in {@link RangeOptions}
 * @param startRevision the first revision to be told of; 0 for what comes from now on
 * @param prevKv whether events hold what was there before
 * @param progressNotify whether the member tells the revision when nothing happens for long
 * @param noPut leaves out puts
 * @param noDelete leaves out deletes
 * @param requireLeader ends the stream of a member that has lost its leader, so that the watch goes
 *     on at another one
 */
public record WatchOptions(
        byte[] key,
        byte[] end,
        long startRevision,
        boolean prevKv,
        boolean progressNotify,
        boolean noPut,
        boolean noDelete,
        boolean requireLeader) {

    public static WatchOptions key(byte[] key) {
        return new WatchOptions(key, new byte[0], 0, false, false, false, false, true);
    }

    public static WatchOptions prefix(byte[] prefix) {
        RangeOptions range = RangeOptions.prefix(prefix);
        return new WatchOptions(range.key(), range.end(), 0, false, false, false, false, true);
    }

    public WatchOptions from(long revision) {
        return new WatchOptions(
                key, end, revision, prevKv, progressNotify, noPut, noDelete, requireLeader);
    }

    public WatchOptions withPrevKv() {
        return new WatchOptions(
                key, end, startRevision, true, progressNotify, noPut, noDelete, requireLeader);
    }

    public WatchOptions withProgressNotify() {
        return new WatchOptions(
                key, end, startRevision, prevKv, true, noPut, noDelete, requireLeader);
    }
}
