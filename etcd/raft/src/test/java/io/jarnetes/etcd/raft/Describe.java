package io.jarnetes.etcd.raft;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** How transcripts show things: {@code from->to MsgApp term 2 log 1/10 commit 10 [2/11 "a"]}. */
final class Describe {
    private Describe() {}

    static String entry(Entry e) {
        return e.term() + "/" + e.index() + " " + data(e);
    }

    private static String data(Entry e) {
        return switch (e.type()) {
            case NORMAL -> "\"" + new String(e.data(), UTF_8) + "\"";
            case CONF_CHANGE, CONF_CHANGE_V2 -> ConfChangeV2.of(e).changes().toString();
        };
    }

    static String message(Message m) {
        StringBuilder s = new StringBuilder();
        s.append(m.from()).append("->").append(m.to()).append(' ').append(m.type());
        s.append(" term ").append(m.term());
        switch (m.type()) {
            case MSG_APP, MSG_VOTE, MSG_PRE_VOTE ->
                    s.append(" log ").append(m.logTerm()).append('/').append(m.index());
            case MSG_APP_RESP, MSG_READ_INDEX_RESP -> s.append(" index ").append(m.index());
            default -> {}
        }
        if (m.commit() != 0) {
            s.append(" commit ").append(m.commit());
        }
        if (m.reject()) {
            s.append(" REJECT");
            if (m.type() == MessageType.MSG_APP_RESP) {
                s.append(" hint ").append(m.logTerm()).append('/').append(m.rejectHint());
            }
        }
        if (m.context().length > 0) {
            s.append(" context");
        }
        if (!m.snapshot().isEmpty()) {
            s.append(" snapshot ").append(snapshot(m.snapshot()));
        }
        if (!m.entries().isEmpty()) {
            s.append(' ').append(m.entries().stream().map(Describe::entry).toList());
        }
        return s.toString();
    }

    private static String snapshot(Snapshot s) {
        return s.metadata().term()
                + "/"
                + s.metadata().index()
                + " voters "
                + s.metadata().confState().voters()
                + " learners "
                + s.metadata().confState().learners();
    }

    static String peer(Status.Peer p) {
        return p.state()
                + " match="
                + p.match()
                + " next="
                + p.next()
                + (p.learner() ? " learner" : "")
                + (p.pendingSnapshot() > 0 ? " pendingSnapshot=" + p.pendingSnapshot() : "")
                + (p.recentActive() ? "" : " inactive");
    }

    static List<String> ready(Ready r) {
        List<String> lines = new ArrayList<>();
        SoftState soft = r.softState();
        if (soft != null) {
            lines.add("soft " + soft.raftState() + " lead " + soft.lead());
        }
        if (!r.hardState().isEmpty()) {
            HardState h = r.hardState();
            lines.add("hard term " + h.term() + " vote " + h.vote() + " commit " + h.commit());
        }
        r.readStates()
                .forEach(s ->
                        lines.add(
                                "read \""
                                        + new String(s.requestContext(), UTF_8)
                                        + "\" at "
                                        + s.index()));
        if (!r.snapshot().isEmpty()) {
            lines.add("snapshot " + snapshot(r.snapshot()));
        }
        r.entries().forEach(e -> lines.add("append " + entry(e)));
        r.committedEntries().forEach(e -> lines.add("apply " + entry(e)));
        r.messagesBeforeSync().forEach(m -> lines.add("send " + message(m)));
        if (r.mustSync()) {
            lines.add("sync");
        }
        r.messagesAfterSync().forEach(m -> lines.add("then send " + message(m)));
        return lines;
    }
}
