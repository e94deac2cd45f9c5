package io.jarnetes.etcd.raft;

import org.jspecify.annotations.Nullable;

/** Kinds of messages; names and numbers are raftpb's. */
public enum MessageType {
    /** Local: the election timer ran out, campaign. */
    MSG_HUP(0, "MsgHup"),
    /** Local: the leader's heartbeat timer ran out. */
    MSG_BEAT(1, "MsgBeat"),
    /** A proposal, local or forwarded to the leader. */
    MSG_PROP(2, "MsgProp"),
    MSG_APP(3, "MsgApp"),
    MSG_APP_RESP(4, "MsgAppResp"),
    MSG_VOTE(5, "MsgVote"),
    MSG_VOTE_RESP(6, "MsgVoteResp"),
    MSG_SNAP(7, "MsgSnap"),
    MSG_HEARTBEAT(8, "MsgHeartbeat"),
    MSG_HEARTBEAT_RESP(9, "MsgHeartbeatResp"),
    /** Local: the transport could not deliver to {@code from}. */
    MSG_UNREACHABLE(10, "MsgUnreachable"),
    /** Local: how sending a snapshot to {@code from} ended. */
    MSG_SNAP_STATUS(11, "MsgSnapStatus"),
    /** Local: the leader checks that a quorum was heard of lately. */
    MSG_CHECK_QUORUM(12, "MsgCheckQuorum"),
    MSG_TRANSFER_LEADER(13, "MsgTransferLeader"),
    MSG_TIMEOUT_NOW(14, "MsgTimeoutNow"),
    MSG_READ_INDEX(15, "MsgReadIndex"),
    MSG_READ_INDEX_RESP(16, "MsgReadIndexResp"),
    MSG_PRE_VOTE(17, "MsgPreVote"),
    MSG_PRE_VOTE_RESP(18, "MsgPreVoteResp"),
    /** Local to upstream's asynchronous storage threads; never used here. */
    MSG_STORAGE_APPEND(19, "MsgStorageAppend"),
    /** Local: what a Ready held is on disk; see {@link Ready#selfMessages}. */
    MSG_STORAGE_APPEND_RESP(20, "MsgStorageAppendResp"),
    /** Local to upstream's asynchronous storage threads; never used here. */
    MSG_STORAGE_APPLY(21, "MsgStorageApply"),
    /** Local to upstream's asynchronous storage threads; never used here. */
    MSG_STORAGE_APPLY_RESP(22, "MsgStorageApplyResp"),
    /** A follower gives up its leader without a timeout, so that it grants votes. */
    MSG_FORGET_LEADER(23, "MsgForgetLeader");

    private static final MessageType[] BY_NUMBER = values();

    private final int number;
    private final String wireName;

    MessageType(int number, String wireName) {
        this.number = number;
        this.wireName = wireName;
    }

    /** The number in raftpb. */
    public int number() {
        return number;
    }

    /** The type of a number from the wire, or null if raftpb has no such type. */
    public static @Nullable MessageType of(int number) {
        return number >= 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }

    /** Whether it never travels between members; a transport drops it, {@code step} refuses it. */
    public boolean isLocal() {
        return switch (this) {
            case MSG_HUP,
                    MSG_BEAT,
                    MSG_UNREACHABLE,
                    MSG_SNAP_STATUS,
                    MSG_CHECK_QUORUM,
                    MSG_STORAGE_APPEND,
                    MSG_STORAGE_APPEND_RESP,
                    MSG_STORAGE_APPLY,
                    MSG_STORAGE_APPLY_RESP ->
                    true;
            default -> false;
        };
    }

    /** Whether it answers another message, so that an unknown sender is ignored. */
    public boolean isResponse() {
        return switch (this) {
            case MSG_APP_RESP,
                    MSG_VOTE_RESP,
                    MSG_HEARTBEAT_RESP,
                    MSG_UNREACHABLE,
                    MSG_READ_INDEX_RESP,
                    MSG_PRE_VOTE_RESP ->
                    true;
            default -> false;
        };
    }

    /** The name upstream prints: {@code MsgApp}. */
    @Override
    public String toString() {
        return wireName;
    }
}
