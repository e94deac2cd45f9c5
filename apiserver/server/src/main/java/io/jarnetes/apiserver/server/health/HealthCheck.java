package io.jarnetes.apiserver.server.health;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * One check.
 *
 * @param name as verbose output shows it
 * @param failure what is wrong now, or empty; only logged, never shown
 */
public record HealthCheck(String name, Supplier<Optional<String>> failure) {

    /** One that always passes. */
    public static HealthCheck passing(String name) {
        return new HealthCheck(name, Optional::empty);
    }

    /** One that passes once the flag is up. */
    public static HealthCheck flag(String name, AtomicBoolean done) {
        return new HealthCheck(
                name, () -> done.get() ? Optional.empty() : Optional.of("not finished"));
    }
}
