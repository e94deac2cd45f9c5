package io.jarnetes.controllermanager.framework;

/** A running controller; closing it stops its workers and returns at once. */
public interface Controller extends AutoCloseable {

    /** How a controller begins its work. */
    @FunctionalInterface
    interface Starter {
        Controller start(ControllerContext context);
    }

    @Override
    void close();
}
