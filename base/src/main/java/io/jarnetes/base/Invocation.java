package io.jarnetes.base;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * How a {@link Program} was called.
 *
 * @param args the words after the program's name
 * @param env the environment variables
 * @param out standard output
 * @param err standard error
 * @param stop completes when the program is to stop in order (SIGTERM, SIGINT, or its owner)
 */
public record Invocation(
        List<String> args,
        Map<String, String> env,
        PrintStream out,
        PrintStream err,
        CompletableFuture<Void> stop) {

    public Invocation {
        args = List.copyOf(args);
        env = Map.copyOf(env);
    }
}
