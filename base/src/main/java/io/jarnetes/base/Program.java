package io.jarnetes.base;

/**
 * One program of the multi-call jar, such as {@code etcd} or {@code kube-apiserver}.
 *
 * <p>A program parses its own flags, runs until it ends or {@link Invocation#stop()} completes, and
 * answers with the exit status that upstream's program of the same name would give.
 */
public interface Program {

    /** The name it is called by, as upstream's binary: {@code kube-scheduler}. */
    String name();

    /**
     * Runs to the end on the calling thread.
     *
     * @return the process exit status
     * @throws Exception what it could not handle; the launcher prints the message in one sentence
     *     and exits 1
     */
    int run(Invocation invocation) throws Exception;
}
