package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.storage.mvcc.WatchStream;
import java.util.ArrayList;
import java.util.List;

/** The clients that are connected to the watch service of one life of a member. */
final class Connections {
    private final List<Runnable> open = new ArrayList<>();
    private boolean over;

    /**
     * Connects a client.
     *
     * @param broken called when the member stops, after the stream is closed
     * @return closes the connection from the client's side
     */
    Runnable connect(WatchStream stream, Runnable broken) {
        Runnable[] end = new Runnable[1];
        end[0] =
                () -> {
                    open.remove(end[0]);
                    stream.close();
                    broken.run();
                };
        open.add(end[0]);
        return () -> {
            open.remove(end[0]);
            if (!over) {
                stream.close();
            }
        };
    }

    /** The store that they watch is replaced: all have to connect anew. */
    void breakAll() {
        List.copyOf(open).forEach(Runnable::run);
    }

    /** The member stops. */
    void end() {
        over = true;
        breakAll();
    }
}
