package io.jarnetes.apiserver.server.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The exchanges that are being served, so that a stop can wait for them and then end them. */
final class InFlight {

    private static final long LOOK_MILLIS = 5;

    private final Set<Exchange> exchanges = ConcurrentHashMap.newKeySet();

    void add(Exchange exchange) {
        exchanges.add(exchange);
    }

    void remove(Exchange exchange) {
        exchanges.remove(exchange);
    }

    /** Ends watches and other long answers at once; they notice by their {@code onClose}. */
    void endLongRunning() {
        for (Exchange exchange : exchanges) {
            if (exchange.longRunning()) {
                exchange.stop();
            }
        }
    }

    /** Waits for the rest; true if none is left. */
    boolean await(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!exchanges.isEmpty() && System.nanoTime() < end) {
            Thread.sleep(LOOK_MILLIS);
        }
        return exchanges.isEmpty();
    }
}
