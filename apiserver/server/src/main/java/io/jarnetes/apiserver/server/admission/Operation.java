package io.jarnetes.apiserver.server.admission;

/** What is being done to an object, as admission names it. */
public enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    CONNECT
}
