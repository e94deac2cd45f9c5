package io.jarnetes.etcd.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import java.net.ConnectException;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    /** How grpc-java ends a call that was written to the connection of a member just killed. */
    private static final Status CHANNEL_CLOSED =
            Status.UNKNOWN
                    .withDescription("channel closed")
                    .withCause(new ClosedChannelException());

    @Test
    void aConnectionThatWentAwayIsUnavailable() {
        Status status = Failures.of(CHANNEL_CLOSED);
        assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(status.getDescription()).isEqualTo("channel closed");
        assertThat(Failures.mayPass(status)).isTrue();
        assertThat(Failures.isUnavailable(status)).isTrue();
        // The request may have gone out before: a write isn't repeated.
        assertThat(Failures.neverSent(status)).isFalse();
    }

    @Test
    void anAnswerOfAMemberIsWhatItSays() {
        Status unhealthy =
                Status.UNKNOWN.withDescription("etcdserver: re-configuration failed due to ...");
        assertThat(Failures.of(unhealthy)).isSameAs(unhealthy);
        assertThat(Failures.mayPass(unhealthy)).isFalse();
        assertThat(Failures.mayPass(Status.OUT_OF_RANGE)).isFalse();
    }

    @Test
    void aRefusedConnectionCarriedNothing() {
        Status refused = Status.UNAVAILABLE.withCause(new ConnectException("Connection refused"));
        assertThat(Failures.neverSent(refused)).isTrue();
    }
}
