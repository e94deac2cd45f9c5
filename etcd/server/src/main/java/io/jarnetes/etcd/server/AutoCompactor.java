package io.jarnetes.etcd.server;

import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.proto.etcdserverpb.CompactionRequest;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.server.EtcdConfig.AutoCompaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * {@code --auto-compaction-mode} and {@code --auto-compaction-retention}: by revisions, every five
 * minutes; by time, ten times a retention (but no rarer than hourly). The leader alone compacts.
 */
final class AutoCompactor {
    private static final Duration REVISION_INTERVAL = Duration.ofMinutes(5);
    private static final int SAMPLES = 10;

    private final EtcdMember member;
    private final @Nullable AutoCompaction mode;
    private final Log log;
    private final ArrayDeque<Long> revisions = new ArrayDeque<>();
    private long last;
    private long samplesSince;

    AutoCompactor(EtcdMember member, Log log) {
        this.member = member;
        this.mode = member.config().storage().autoCompaction();
        this.log = log;
    }

    /** How often {@link #check} is to be called; empty for never. */
    OptionalLong intervalMillis() {
        return switch (mode) {
            case null -> OptionalLong.empty();
            case AutoCompaction.Revisions r -> OptionalLong.of(REVISION_INTERVAL.toMillis());
            case AutoCompaction.Periodic p -> OptionalLong.of(sampleMillis(p.retention()));
        };
    }

    private static long sampleMillis(Duration retention) {
        Duration base =
                retention.compareTo(Duration.ofHours(1)) > 0 ? Duration.ofHours(1) : retention;
        return Math.max(1, base.toMillis() / SAMPLES);
    }

    void check() {
        switch (mode) {
            case null -> {}
            case AutoCompaction.Revisions r ->
                    compact(member.stores().mvcc().revision() - r.retention());
            case AutoCompaction.Periodic p -> periodic(p.retention());
        }
    }

    /** Compacts to the revision of one retention ago, once an hour or once a retention. */
    private void periodic(Duration retention) {
        revisions.add(member.stores().mvcc().revision());
        long kept = Math.max(1, retention.toMillis() / sampleMillis(retention));
        samplesSince++;
        if (revisions.size() <= kept) {
            return;
        }
        while (revisions.size() > kept + 1) {
            revisions.remove();
        }
        if (samplesSince >= SAMPLES || samplesSince >= kept) {
            samplesSince = 0;
            compact(revisions.getFirst());
        }
    }

    private void compact(long revision) {
        if (revision <= 0 || revision == last || !member.isLeader()) {
            return;
        }
        log.info("starting auto compaction", "revision", revision);
        member.proposeAsRoot(
                        InternalRaftRequest.newBuilder()
                                .setCompaction(
                                        CompactionRequest.newBuilder().setRevision(revision)))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        last = revision;
                        log.info("completed auto compaction", "revision", revision);
                    } else {
                        log.warn("failed auto compaction", "revision", revision, "error", failure);
                    }
                });
    }
}
