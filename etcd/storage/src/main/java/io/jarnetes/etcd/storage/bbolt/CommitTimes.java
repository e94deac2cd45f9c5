package io.jarnetes.etcd.storage.bbolt;

/**
 * Where the time of a commit went, in nanoseconds.
 *
 * @param rebalance merging pages that deletions left small
 * @param spill splitting nodes and giving them pages
 * @param write writing and syncing pages and meta page
 * @param pages how many pages were written
 */
public record CommitTimes(long rebalance, long spill, long write, int pages) {}
