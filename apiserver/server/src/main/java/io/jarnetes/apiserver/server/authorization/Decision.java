package io.jarnetes.apiserver.server.authorization;

/**
 * What an authorizer says.
 *
 * @param reason why, for the client's eyes; may be empty
 */
public record Decision(Verdict verdict, String reason) {

    /** Allowed and denied are final; no opinion passes the question on, and is no at the end. */
    public enum Verdict {
        ALLOW,
        DENY,
        NO_OPINION
    }

    public static Decision allow(String reason) {
        return new Decision(Verdict.ALLOW, reason);
    }

    public static Decision deny(String reason) {
        return new Decision(Verdict.DENY, reason);
    }

    public static Decision noOpinion(String reason) {
        return new Decision(Verdict.NO_OPINION, reason);
    }

    public boolean allowed() {
        return verdict == Verdict.ALLOW;
    }
}
