package io.jarnetes.apiserver.server.http;

/** Answers requests; called on a virtual thread for each. */
@FunctionalInterface
interface Application {

    /** Must end the exchange, and throws nothing. */
    void serve(Exchange exchange);
}
