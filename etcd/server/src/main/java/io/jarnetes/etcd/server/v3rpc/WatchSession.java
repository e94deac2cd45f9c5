package io.jarnetes.etcd.server.v3rpc;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jarnetes.etcd.proto.etcdserverpb.WatchCreateRequest;
import io.jarnetes.etcd.proto.etcdserverpb.WatchRequest;
import io.jarnetes.etcd.proto.etcdserverpb.WatchResponse;
import io.jarnetes.etcd.server.Caller;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.server.apply.Messages;
import io.jarnetes.etcd.server.apply.ServerError;
import io.jarnetes.etcd.storage.auth.AuthException;
import io.jarnetes.etcd.storage.auth.AuthInfo;
import io.jarnetes.etcd.storage.mvcc.MvccException;
import io.jarnetes.etcd.storage.mvcc.WatchFilter;
import io.jarnetes.etcd.storage.mvcc.WatchStream;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One watch stream. The store offers responses from any thread into a bounded queue; everything
 * else happens on the call's event loop, so a created answer always goes out before the first
 * events of its watcher.
 */
final class WatchSession implements StreamObserver<WatchRequest>, LeaderLosses.Stream {
    private static final ByteString ZERO_KEY = ByteString.copyFrom(new byte[1]);

    private final Rpc rpc;
    private final EtcdMember member;
    private final ServerCallStreamObserver<WatchResponse> call;
    private final Executor loop;
    private final Caller caller;
    private final WatchStream stream;
    private final Map<Long, Watched> watched = new HashMap<>();
    private final WatchQueue queue = new WatchQueue();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final WatchMessages messages;
    private volatile boolean over;
    private boolean reporting;

    /** What a watcher asked for. */
    private static final class Watched {
        final boolean prevKv;
        final boolean fragment;
        final boolean progress;

        /** Whether nothing was sent since the last time progress was due. */
        boolean quiet = true;

        Watched(WatchCreateRequest request) {
            prevKv = request.getPrevKv();
            fragment = request.getFragment();
            progress = request.getProgressNotify();
        }
    }

    WatchSession(
            Rpc rpc, ServerCallStreamObserver<WatchResponse> call, Executor loop, Caller caller) {
        this.rpc = rpc;
        this.member = rpc.member();
        this.call = call;
        this.loop = loop;
        this.caller = caller;
        this.stream = member.stores().mvcc().newWatchStream(this::offer);
        this.messages = new WatchMessages(member);
    }

    void open() {
        call.setOnReadyHandler(this::drain);
        call.setOnCancelHandler(this::end);
    }

    // From the store, on any thread

    private boolean offer(io.jarnetes.etcd.storage.mvcc.WatchResponse response) {
        if (over) {
            return true;
        }
        if (!queue.offer(response)) {
            return false;
        }
        schedule();
        return true;
    }

    private void schedule() {
        if (scheduled.compareAndSet(false, true)) {
            loop.execute(() -> {
                scheduled.set(false);
                drain();
            });
        }
    }

    // On the event loop

    private void drain() {
        while (!over && call.isReady()) {
            var response = queue.poll();
            if (response == null) {
                return;
            }
            send(response);
        }
    }

    private void send(io.jarnetes.etcd.storage.mvcc.WatchResponse response) {
        long id = response.watchId();
        if (id == WatchStream.PROGRESS_WATCH_ID && response.isProgress()) {
            call.onNext(messages.progress(id, response.revision()));
            return;
        }
        Watched watch = watched.get(id);
        if (watch == null) {
            return;
        }
        if (response.compactRevision() != 0) {
            watched.remove(id);
            call.onNext(messages.compacted(id, response.revision(), response.compactRevision()));
        } else if (response.events().isEmpty()) {
            call.onNext(messages.progress(id, response.revision()));
        } else {
            watch.quiet = false;
            messages.events(response, watch.prevKv, watch.fragment, call::onNext);
        }
    }

    @Override
    public void onNext(WatchRequest request) {
        if (over) {
            return;
        }
        switch (request.getRequestUnionCase()) {
            case CREATE_REQUEST -> create(request.getCreateRequest());
            case CANCEL_REQUEST -> cancel(request.getCancelRequest().getWatchId());
            case PROGRESS_REQUEST -> stream.requestProgressAll();
            case REQUESTUNION_NOT_SET ->
                    member.log().info("invalid watch request received in gRPC stream");
        }
    }

    private void create(WatchCreateRequest asked) {
        WatchCreateRequest request =
                asked.getKey().isEmpty() ? asked.toBuilder().setKey(ZERO_KEY).build() : asked;
        if (request.getStartRevision() < 0) {
            call.onNext(messages.refused("etcdserver: mvcc: required revision has been compacted"));
            return;
        }
        try {
            permit(request);
        } catch (RuntimeException e) {
            call.onNext(messages.refused(WatchMessages.goError(reason(e))));
            return;
        }
        try {
            long start = request.getStartRevision();
            long id =
                    stream.watch(
                            request.getWatchId(),
                            Messages.range(request.getKey(), request.getRangeEnd()),
                            start,
                            filters(request));
            watched.put(id, new Watched(request));
            // Read once it watches: whatever comes after this revision will be seen.
            long revision = stream.revision();
            call.onNext(messages.created(id, revision));
            reportProgress(request);
            if (start != 0 && start <= revision) {
                member.hurryWatchers();
            }
        } catch (MvccException e) {
            call.onNext(messages.refused(e.code().text()));
        }
    }

    private void permit(WatchCreateRequest request) {
        AuthInfo who = member.authInfo(caller);
        member.stores()
                .auth()
                .checkRange(
                        who == null ? AuthInfo.NONE : who,
                        request.getKey().toByteArray(),
                        request.getRangeEnd().toByteArray());
    }

    /** Upstream tells a few reasons, and says that permission is denied for all others. */
    private Status reason(RuntimeException failure) {
        boolean told =
                failure instanceof AuthException e
                        && switch (e.code()) {
                            case INVALID_AUTH_TOKEN, AUTH_OLD_REVISION, USER_EMPTY -> true;
                            default -> false;
                        };
        return told
                ? rpc.statuses().of(failure).getStatus()
                : Status.PERMISSION_DENIED.withDescription("etcdserver: permission denied");
    }

    private static Set<WatchFilter> filters(WatchCreateRequest request) {
        Set<WatchFilter> filters = EnumSet.noneOf(WatchFilter.class);
        for (WatchCreateRequest.FilterType type : request.getFiltersList()) {
            switch (type) {
                case NOPUT -> filters.add(WatchFilter.NOPUT);
                case NODELETE -> filters.add(WatchFilter.NODELETE);
                case UNRECOGNIZED -> {}
            }
        }
        return filters;
    }

    private void cancel(long id) {
        try {
            stream.cancel(id);
            watched.remove(id);
            call.onNext(messages.canceled(id, stream.revision()));
        } catch (MvccException e) {
            // An unknown watcher: upstream is silent too.
        }
    }

    /** The first watcher that wants to hear of progress starts the clock. */
    private void reportProgress(WatchCreateRequest request) {
        if (request.getProgressNotify() && !reporting) {
            reporting = true;
            scheduleReport();
        }
    }

    private void scheduleReport() {
        member.runtime()
                .loops()
                .schedule(
                        () -> loop.execute(this::report),
                        member.config().timing().watchProgressNotify().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    private void report() {
        if (over) {
            return;
        }
        watched.forEach((id, watch) -> {
            if (watch.progress) {
                if (watch.quiet) {
                    stream.requestProgress(id);
                }
                watch.quiet = true;
            }
        });
        scheduleReport();
    }

    @Override
    public void leaderLost() {
        loop.execute(() -> {
            if (!over) {
                end();
                call.onError(rpc.statuses().status(ServerError.NO_LEADER));
            }
        });
    }

    @Override
    public boolean isOver() {
        return over;
    }

    private void end() {
        over = true;
        stream.close();
        queue.clear();
    }

    @Override
    public void onError(Throwable failure) {
        end();
    }

    /** Who has nothing more to ask goes on to listen, until it cancels or goes away. */
    @Override
    public void onCompleted() {}
}
