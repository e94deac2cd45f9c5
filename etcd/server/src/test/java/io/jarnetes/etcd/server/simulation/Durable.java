package io.jarnetes.etcd.server.simulation;

import io.jarnetes.etcd.storage.backend.MemoryFile;
import io.jarnetes.etcd.storage.disk.SimulatedDisk;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** What a member has on its disks: all that is left of it after a crash. */
final class Durable {
    private SimulatedDisk disk = new SimulatedDisk();
    private MemoryFile database = new MemoryFile();

    /** Databases that came with the leader's snapshots, by index. */
    private final TreeMap<Long, MemoryFile> received = new TreeMap<>();

    SimulatedDisk disk() {
        return disk;
    }

    MemoryFile database() {
        return database;
    }

    void receive(long index, MemoryFile file) {
        received.put(index, file);
    }

    /** Puts the database of a snapshot in place; false if there is none. */
    boolean takeReceived(long index) {
        MemoryFile file = received.remove(index);
        received.headMap(index).clear();
        if (file == null) {
            return false;
        }
        database = file;
        return true;
    }

    /** The power goes; what that took. */
    SimulatedDisk.Losses crash(RandomGenerator random) {
        disk = disk.crash(random);
        return disk.losses();
    }
}
