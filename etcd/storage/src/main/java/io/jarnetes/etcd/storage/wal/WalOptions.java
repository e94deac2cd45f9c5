package io.jarnetes.etcd.storage.wal;

/**
 * How a log is written.
 *
 * @param segmentBytes a segment that passes this size is cut, and this much is reserved for the
 *     next
 * @param noSync never sync ({@code --unsafe-no-fsync})
 */
public record WalOptions(long segmentBytes, boolean noSync) {
    /** etcd's: 64,000,000 bytes (not MiB), synced. */
    public static final WalOptions DEFAULTS = new WalOptions(64_000_000, false);
}
