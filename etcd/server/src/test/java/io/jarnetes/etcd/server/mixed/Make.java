package io.jarnetes.etcd.server.mixed;

/** Whose etcd a member runs. */
enum Make {
    GO,
    JAVA
}
