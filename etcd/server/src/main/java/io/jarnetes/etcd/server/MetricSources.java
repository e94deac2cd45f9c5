package io.jarnetes.etcd.server;

import io.jarnetes.etcd.storage.mvcc.OperationCounts;
import java.util.concurrent.atomic.AtomicReference;

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
        metrics.authRevision.from(() -> stores.auth().revision());
        OperationCounts counts = stores.mvcc().counts();
        metrics.ranges.from(counts::ranges);
        metrics.puts.from(counts::puts);
        metrics.deletes.from(counts::deletes);
        metrics.txns.from(counts::txns);
        metrics.putBytes.from(counts::putBytes);
        AtomicReference<String> shown = new AtomicReference<>("");
        metrics.beforeText(() -> {
            String now = clusterVersion(member);
            String before = shown.getAndSet(now);
            if (!now.equals(before)) {
                metrics.clusterVersion.remove(before);
                if (!now.isEmpty()) {
                    metrics.clusterVersion.with(now).set(1);
                }
            }
        });
        metrics.currentRevision.from(() -> stores.mvcc().revision());
        metrics.compactRevision.from(() -> stores.mvcc().compactRevision());
        metrics.keys.from(() -> stores.mvcc().keys());
        metrics.watchers.from(() -> stores.mvcc().watcherCounts().total());
        metrics.slowWatchers.from(() -> stores.mvcc().watcherCounts().slow());
    }

    /** Major and minor; empty while it isn't decided. */
    private static String clusterVersion(EtcdMember member) {
        String version = member.stores().cluster().version();
        return version == null ? "" : version.substring(0, version.lastIndexOf('.'));
    }
}
