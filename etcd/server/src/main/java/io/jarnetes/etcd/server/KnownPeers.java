package io.jarnetes.etcd.server;

import io.jarnetes.etcd.server.peer.Transport;
import io.jarnetes.etcd.storage.membership.Member;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells the transport who the peers are, and ends a member that is none. On the apply thread. */
final class KnownPeers {
    /** Upstream's delay between the removal of a member and its end. */
    private static final long LEAVE_MILLIS = 1_000;

    private final BootState boot;
    private final EtcdRuntime runtime;
    private final ServerMetrics metrics;
    private final Consumer<Throwable> onFailure;

    /** Where each peer was last said to be reached. */
    private final Map<Long, List<URI>> reached = new HashMap<>();

    private @Nullable Transport transport;

    /** This member was removed. */
    private boolean leaving;

    KnownPeers(
            BootState boot,
            EtcdRuntime runtime,
            ServerMetrics metrics,
            Consumer<Throwable> onFailure) {
        this.boot = boot;
        this.runtime = runtime;
        this.metrics = metrics;
        this.onFailure = onFailure;
    }

    /** Before the apply thread starts: the members that are known from the store. */
    void begin(Transport network) {
        transport = network;
        addAll();
    }

    /** A snapshot has replaced the store. */
    void replaced() {
        Transport network = transport;
        if (network != null) {
            network.removeAllPeers();
            reached.clear();
            addAll();
        }
    }

    private void addAll() {
        boot.stores().cluster().members().forEach(m -> changed(m.id(), m));
    }

    /**
     * @param member null if it was removed
     */
    void changed(long id, @Nullable Member member) {
        metrics.isLearner.set(boot.stores().cluster().isLocalMemberLearner() ? 1 : 0);
        Transport network = transport;
        if (network == null) {
            return;
        }
        if (id == boot.memberId()) {
            if (member == null && boot.stores().cluster().isIdRemoved(id)) {
                leaveSoon();
            }
            return;
        }
        if (member == null) {
            reached.remove(id);
            network.removePeer(id);
            return;
        }
        List<URI> urls = member.peerUrls().stream().map(URI::create).toList();
        List<URI> before = reached.put(id, urls);
        if (before == null) {
            network.addPeer(id, urls);
        } else if (!before.equals(urls)) {
            network.updatePeer(id, urls);
        }
    }

    /**
     * Stays for as long as it takes to tell the others: they may not know yet that the removal is
     * committed, and of two members the one that is left could not find out alone.
     */
    private void leaveSoon() {
        if (leaving) {
            return;
        }
        leaving = true;
        try {
            runtime.loops()
                    .schedule(
                            () -> onFailure.accept(new RemovedException()),
                            LEAVE_MILLIS,
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            onFailure.accept(new RemovedException());
        }
    }
}
