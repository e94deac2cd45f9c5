package io.jarnetes.etcd.storage.membership;

/** Members as JSON: in the backend, in conf changes, and between peers. */
public final class MemberJson {
    private MemberJson() {}

    /** {@code {"id":1,"peerURLs":[…],"isLearner":true,"name":"…","clientURLs":[…]}}. */
    public static byte[] encode(Member member) {
        throw new UnsupportedOperationException();
    }

    /**
     * Reads a member.
     *
     * @throws IllegalArgumentException when it is not a member's JSON
     */
    public static Member decode(byte[] json) {
        throw new UnsupportedOperationException();
    }

    /** The context of a conf change that adds or promotes a member: the member and isPromote. */
    public static byte[] encodeContext(Member member, boolean promote) {
        throw new UnsupportedOperationException();
    }

    /** Whether a conf change's context says that it promotes. */
    public static boolean isPromote(byte[] json) {
        throw new UnsupportedOperationException();
    }
}
