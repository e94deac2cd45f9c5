package io.jarnetes.etcd.server.mixed;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A place in the cluster: a name, a data directory, two URLs, and who runs there now. */
final class Node {
    private final String name;
    private final Path folder;
    private final String clientUrl;
    private final String peerUrl;
    private Make make;
    private @Nullable Running running;

    Node(String name, Make make, Path folder, String clientUrl, String peerUrl) {
        this.name = name;
        this.make = make;
        this.folder = folder;
        this.clientUrl = clientUrl;
        this.peerUrl = peerUrl;
    }

    String name() {
        return name;
    }

    Make make() {
        return make;
    }

    Path data() {
        return folder.resolve(name);
    }

    Path log() {
        return folder.resolve(name + ".log");
    }

    String clientUrl() {
        return clientUrl;
    }

    String peerUrl() {
        return peerUrl;
    }

    void runs(Make whose, Running member) {
        make = whose;
        running = member;
    }

    boolean isRunning() {
        return running != null && running.isAlive();
    }

    Running running() {
        if (running == null) {
            throw new IllegalStateException("member " + name + " was not started");
        }
        return running;
    }

    @Override
    public String toString() {
        return name + " (" + make + ")";
    }
}
