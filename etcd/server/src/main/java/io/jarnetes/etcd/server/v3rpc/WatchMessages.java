package io.jarnetes.etcd.server.v3rpc;

import io.grpc.Status;
import io.jarnetes.etcd.proto.etcdserverpb.WatchResponse;
import io.jarnetes.etcd.proto.mvccpb.Event.EventType;
import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.server.apply.Messages;
import io.jarnetes.etcd.storage.mvcc.Event;
import io.jarnetes.etcd.storage.mvcc.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The answers of a watch stream. */
final class WatchMessages {
    /** The id of a watcher that never was. */
    private static final long INVALID_WATCH_ID = -1;

    private final EtcdMember member;

    WatchMessages(EtcdMember member) {
        this.member = member;
    }

    private WatchResponse.Builder response(long id, long revision) {
        return WatchResponse.newBuilder().setHeader(member.header(revision)).setWatchId(id);
    }

    WatchResponse created(long id, long revision) {
        return response(id, revision).setCreated(true).build();
    }

    WatchResponse refused(String reason) {
        return response(INVALID_WATCH_ID, member.stores().mvcc().revision())
                .setCreated(true)
                .setCanceled(true)
                .setCancelReason(reason)
                .build();
    }

    WatchResponse canceled(long id, long revision) {
        return response(id, revision).setCanceled(true).build();
    }

    WatchResponse compacted(long id, long revision, long compactRevision) {
        return response(id, revision).setCanceled(true).setCompactRevision(compactRevision).build();
    }

    WatchResponse progress(long id, long revision) {
        return response(id, revision).build();
    }

    void events(
            io.jarnetes.etcd.storage.mvcc.WatchResponse found,
            boolean prevKv,
            boolean fragment,
            Consumer<WatchResponse> sink) {
        List<io.jarnetes.etcd.proto.mvccpb.Event> events = new ArrayList<>(found.events().size());
        found.events().forEach(event -> events.add(event(event, prevKv)));
        WatchResponse whole =
                response(found.watchId(), found.revision()).addAllEvents(events).build();
        int most = member.config().limits().maxMessageBytes();
        if (!fragment || events.size() < 2 || whole.getSerializedSize() < most) {
            sink.accept(whole);
        } else {
            fragments(whole, most, sink);
        }
    }

    /** Parts that are not much larger than a request may be; all but the last say so. */
    private static void fragments(WatchResponse whole, int most, Consumer<WatchResponse> sink) {
        WatchResponse.Builder part = whole.toBuilder().clearEvents();
        long size = part.build().getSerializedSize();
        long begun = size;
        for (var event : whole.getEventsList()) {
            if (part.getEventsCount() > 0 && size + event.getSerializedSize() >= most) {
                sink.accept(part.setFragment(true).build());
                part = whole.toBuilder().clearEvents();
                size = begun;
            }
            part.addEvents(event);
            size += event.getSerializedSize();
        }
        sink.accept(part.setFragment(false).build());
    }

    private io.jarnetes.etcd.proto.mvccpb.Event event(Event event, boolean prevKv) {
        var message = io.jarnetes.etcd.proto.mvccpb.Event.newBuilder();
        boolean put = event.type() == Event.Type.PUT;
        message.setType(put ? EventType.PUT : EventType.DELETE);
        message.setKv(Messages.keyValue(event.kv()));
        if (prevKv && !event.kv().created()) {
            KeyValue previous = member.stores().mvcc().previous(event);
            if (previous != null) {
                message.setPrevKv(Messages.keyValue(previous));
            }
        }
        return message.build();
    }

    /** A status as Go prints it: reasons hold that text. */
    static String goError(Status status) {
        return "rpc error: code = "
                + GoCodes.name(status.getCode())
                + " desc = "
                + status.getDescription();
    }
}
