package io.jarnetes.etcd.server.apply;

import com.google.protobuf.TextFormat;
import io.jarnetes.base.log.Log;
import io.jarnetes.etcd.proto.etcdserverpb.InternalRaftRequest;
import io.jarnetes.etcd.raft.ConfChange;
import io.jarnetes.etcd.raft.ConfState;
import io.jarnetes.etcd.raft.Entry;
import io.jarnetes.etcd.raft.EntryType;
import io.jarnetes.etcd.storage.alarm.AlarmStore;
import io.jarnetes.etcd.storage.auth.AuthStore;
import io.jarnetes.etcd.storage.auth.TokenProviders;
import io.jarnetes.etcd.storage.backend.Backend;
import io.jarnetes.etcd.storage.backend.BackendOptions;
import io.jarnetes.etcd.storage.backend.MemoryFile;
import io.jarnetes.etcd.storage.lease.Lessor;
import io.jarnetes.etcd.storage.membership.Member;
import io.jarnetes.etcd.storage.membership.RaftCluster;
import io.jarnetes.etcd.storage.mvcc.Mvcc;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One member's stores and their applier, driven by lines of text:
 *
 * <ul>
 *   <li>{@code begin 3.5|3.6 [QUOTA]} makes an empty member with these rules;
 *   <li>{@code restart} makes a new applier on what is there;
 *   <li>anything else is an InternalRaftRequest in protobuf's text format, which is applied; before
 *       it {@code USER:} says who asks, at the revision that the users have now.
 * </ul>
 */
final class ApplyTranscript implements ApplyEvents {
    private static final int CHEAP_BCRYPT = 4;

    private final List<String> lines = new ArrayList<>();
    private @Nullable Stores stores;
    private @Nullable Applier applier;
    private ApplyRules rules = ApplyRules.V3_6;
    private long quotaBytes;
    private long index;

    List<String> run(String line) throws TextFormat.ParseException {
        lines.clear();
        String[] words = line.split(" ");
        switch (words[0]) {
            case "begin" -> {
                rules = words[1].equals("3.5") ? ApplyRules.V3_5 : ApplyRules.V3_6;
                quotaBytes = words.length > 2 ? Long.parseLong(words[2]) : 0;
                begin();
            }
            case "restart" -> restart();
            default -> apply(line);
        }
        return lines;
    }

    private void begin() {
        Backend backend = Backend.over(new MemoryFile(), BackendOptions.defaults());
        Lessor lessor = Lessor.open(backend, 1, () -> 0);
        stores =
                new Stores(
                        backend,
                        Mvcc.open(backend, lessor),
                        lessor,
                        AuthStore.open(
                                backend,
                                TokenProviders.parse("simple", 300, new Random(1), () -> 0),
                                CHEAP_BCRYPT),
                        AlarmStore.open(backend),
                        RaftCluster.open(backend, 1, 1, 1));
        index = 0;
        restart();
    }

    private void restart() {
        Stores now = Objects.requireNonNull(stores);
        Quota quota = new Quota(now, quotaBytes, rules);
        applier = new Applier(now, quota, this, ConfState.EMPTY, rules, Log.none());
    }

    private void apply(String line) throws TextFormat.ParseException {
        InternalRaftRequest.Builder request = InternalRaftRequest.newBuilder();
        String[] parts = line.split(": ?", 2);
        boolean asked = parts[0].matches("\\w+") && !parts[1].startsWith("\"");
        TextFormat.merge(asked ? parts[1] : line, request);
        request.getHeaderBuilder().setID(++index);
        if (asked) {
            request.getHeaderBuilder()
                    .setUsername(parts[0])
                    .setAuthRevision(Objects.requireNonNull(stores).auth().revision());
        }
        Objects.requireNonNull(applier)
                .apply(new Entry(EntryType.NORMAL, 1, index, request.build().toByteArray()));
    }

    private void result(String prefix, ApplyResult result) {
        RuntimeException failure = result.failure();
        lines.add(
                prefix
                        + (failure != null
                                ? "refused: " + failure.getMessage()
                                : "revision " + Objects.requireNonNull(stores).mvcc().revision()));
    }

    @Override
    public void done(long requestId, ApplyResult result) {
        result("", result);
    }

    @Override
    public void outOfSpace(long requestId, ApplyResult result) {
        lines.add("revision " + Objects.requireNonNull(stores).mvcc().revision());
        result("out of space, ", result);
    }

    @Override
    public void compactionScheduled() {
        lines.add("compaction scheduled");
    }

    @Override
    public void termBegun() {}

    @Override
    public void memberChanged(long id, @Nullable Member member) {}

    @Override
    public ConfState applyConfChange(ConfChange change) {
        throw new UnsupportedOperationException("conf changes are raft's: " + change);
    }
}
