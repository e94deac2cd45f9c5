package io.jarnetes.etcd.server;

/** Gauges that are asked for when somebody looks. */
final class MetricSources {
    private MetricSources() {}

    static void connect(ServerMetrics metrics, EtcdMember member) {
        var stores = member.stores();
        metrics.proposalsCommitted.from(() -> member.raft().committed());
        metrics.proposalsApplied.from(member::applied);
        metrics.proposalsPending.from(() -> member.core().proposals().pending());
        metrics.quotaBytes.set(member.quota().limitBytes());
        metrics.dbTotalBytes.from(() -> stores.backend().size());
        metrics.dbInUseBytes.from(() -> stores.backend().sizeInUse());
        metrics.currentRevision.from(() -> stores.mvcc().revision());
        metrics.compactRevision.from(() -> stores.mvcc().compactRevision());
        metrics.keys.from(() -> stores.mvcc().keys());
        metrics.watchers.from(() -> stores.mvcc().watcherCounts().total());
        metrics.slowWatchers.from(() -> stores.mvcc().watcherCounts().slow());
    }
}
