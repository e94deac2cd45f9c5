package io.jarnetes.launcher;

/** Is told what comes up, once each, in the order in which it happens. */
@FunctionalInterface
public interface Progress {

    /**
     * @param what the component, such as {@code kube-apiserver}
     * @param detail where it is or what was seen
     */
    void up(String what, String detail);

    /** Tells nobody. */
    static Progress silent() {
        return (what, detail) -> {};
    }
}
