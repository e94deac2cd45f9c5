package io.jarnetes.etcd.server.peer;

import io.netty.util.concurrent.ScheduledFuture;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks a peer {@code /raft/probing} every few seconds: how far it is, and what its clock says. */
final class Prober {
    private static final int INTERVAL_MILLIS = PeerConfig.READ_TIMEOUT_MILLIS - 1000;
    private static final Duration MAX_CLOCK_DRIFT = Duration.ofSeconds(1);
    private static final Pattern NOW = Pattern.compile("\"Now\":\"([^\"]+)\"");

    private final PeerContext context;
    private final PeerHttpClient client;
    private final long peer;
    private final UrlPicker urls;
    private @Nullable ScheduledFuture<?> timer;
    private volatile boolean healthy = true;

    Prober(PeerContext context, long peer, UrlPicker urls) {
        this.context = context;
        this.client = new PeerHttpClient(context.dialer());
        this.peer = peer;
        this.urls = urls;
    }

    void start() {
        timer =
                context.dialer()
                        .nextLoop()
                        .scheduleAtFixedRate(
                                this::probe,
                                INTERVAL_MILLIS,
                                INTERVAL_MILLIS,
                                TimeUnit.MILLISECONDS);
    }

    void stop() {
        ScheduledFuture<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }

    private void probe() {
        URI base = urls.pick();
        long begin = System.nanoTime();
        client.request(
                        "GET",
                        base.resolve(PeerHeaders.PROBING),
                        Map.of(),
                        new byte[0],
                        PeerConfig.READ_TIMEOUT_MILLIS)
                .whenComplete((response, failure) -> done(begin, response, failure));
    }

    private void done(
            long begin, PeerHttpClient.@Nullable Response response, @Nullable Throwable failure) {
        Duration rtt = Duration.ofNanos(System.nanoTime() - begin);
        if (response == null || response.status() != 200) {
            if (healthy) {
                context.log()
                        .warn(
                                "prober detected unhealthy status",
                                "round-tripper-name",
                                "ROUND_TRIPPER_RAFT_MESSAGE",
                                "remote-peer-id",
                                PeerHeaders.hex(peer),
                                "rtt",
                                rtt,
                                "error",
                                String.valueOf(failure));
            }
            healthy = false;
            return;
        }
        healthy = true;
        context.metrics().roundTrip(peer, rtt.toNanos() / 1e9);
        warnOfDrift(response.text(), rtt);
    }

    private void warnOfDrift(String body, Duration rtt) {
        Matcher m = NOW.matcher(body);
        if (!m.find()) {
            return;
        }
        try {
            Instant theirs = OffsetDateTime.parse(m.group(1)).toInstant();
            Duration drift =
                    Duration.between(theirs, context.clock().instant())
                            .minus(rtt.dividedBy(2))
                            .abs();
            if (drift.compareTo(MAX_CLOCK_DRIFT) > 0) {
                context.log()
                        .warn(
                                "prober found high clock drift",
                                "remote-peer-id",
                                PeerHeaders.hex(peer),
                                "clock-drift",
                                drift,
                                "rtt",
                                rtt);
            }
        } catch (DateTimeException e) {
            // A peer that writes its time otherwise tells us nothing about its clock.
        }
    }
}
