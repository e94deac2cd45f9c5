package io.jarnetes.etcd.server.peer;

/** The two kinds of streams between members. */
enum StreamType {
    /** Appends, whose index and term mostly follow from the one before. */
    MSG_APP_V2("msgapp", "stream MsgApp v2"),
    /** Everything else, and appends while the other stream is down. */
    MESSAGE("message", "stream Message");

    private final String path;
    private final String description;

    StreamType(String path, String description) {
        this.path = path;
        this.description = description;
    }

    /** {@code /raft/stream/msgapp} or {@code /raft/stream/message}. */
    String endpoint() {
        return PeerHeaders.STREAM_PREFIX + "/" + path;
    }

    StreamEncoder encoder() {
        return this == MSG_APP_V2 ? new MsgAppV2Encoder() : new MessageEncoder();
    }

    /** Decoders of what {@code remote} sends to {@code local}. */
    StreamDecoder decoder(long local, long remote) {
        return this == MSG_APP_V2
                ? new MsgAppV2Decoder(local, remote)
                : new MessageDecoder(MessageDecoder.MAX_MESSAGE_BYTES);
    }

    /** The name in logs. */
    @Override
    public String toString() {
        return description;
    }
}
