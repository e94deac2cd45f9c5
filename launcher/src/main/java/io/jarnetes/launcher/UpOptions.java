package io.jarnetes.launcher;

import java.nio.file.Path;
import java.util.List;

/**
 * What a {@link ControlPlane} consists of.
 *
 * @param dataDir where everything is kept
 * @param members of etcd: 1, 3, 5 or any other number
 * @param nodes simulated nodes, node-0 and on
 * @param bindAddress where the API server and etcd's client ports listen; 127.0.0.1 is always among
 *     it
 * @param apiserverPort of the API server; 0 for a free one
 * @param etcdClientPorts one a member; empty for free ones
 * @param etcdPeerPorts one a member; empty for free ones
 * @param controllerManagerPort of health and metrics; 0 for a free one
 * @param schedulerPort of health and metrics; 0 for a free one
 * @param insecureEtcd plain HTTP for clients and peers of etcd
 * @param storageMediaType how objects are stored: application/json or
 *     application/vnd.kubernetes.protobuf
 * @param verbosity of the kube programs' logs
 */
public record UpOptions(
        Path dataDir,
        int members,
        int nodes,
        String bindAddress,
        int apiserverPort,
        List<Integer> etcdClientPorts,
        List<Integer> etcdPeerPorts,
        int controllerManagerPort,
        int schedulerPort,
        boolean insecureEtcd,
        String storageMediaType,
        int verbosity) {

    static final String LOOPBACK = "127.0.0.1";
    static final int APISERVER_PORT = 6443;
    static final int CONTROLLER_MANAGER_PORT = 10257;
    static final int SCHEDULER_PORT = 10259;
    static final List<Integer> ETCD_CLIENT_PORTS = List.of(2379, 22379, 32379);
    static final List<Integer> ETCD_PEER_PORTS = List.of(2380, 22380, 32380);
    static final String JSON = "application/json";

    public UpOptions {
        etcdClientPorts = List.copyOf(etcdClientPorts);
        etcdPeerPorts = List.copyOf(etcdPeerPorts);
    }

    /** Three members, two nodes, every port a free one. */
    public static UpOptions ephemeral(Path dataDir) {
        return new UpOptions(
                dataDir, 3, 2, LOOPBACK, 0, List.of(), List.of(), 0, 0, false, JSON, 0);
    }

    /** The same with another number of simulated nodes. */
    public UpOptions withNodes(int number) {
        return new UpOptions(
                dataDir,
                members,
                number,
                bindAddress,
                apiserverPort,
                etcdClientPorts,
                etcdPeerPorts,
                controllerManagerPort,
                schedulerPort,
                insecureEtcd,
                storageMediaType,
                verbosity);
    }

    /** The same with another number of etcd's members. */
    public UpOptions withMembers(int number) {
        return new UpOptions(
                dataDir,
                number,
                nodes,
                bindAddress,
                apiserverPort,
                etcdClientPorts,
                etcdPeerPorts,
                controllerManagerPort,
                schedulerPort,
                insecureEtcd,
                storageMediaType,
                verbosity);
    }

    /** The same with members of etcd that speak plain HTTP. */
    public UpOptions withInsecureEtcd() {
        return new UpOptions(
                dataDir,
                members,
                nodes,
                bindAddress,
                apiserverPort,
                etcdClientPorts,
                etcdPeerPorts,
                controllerManagerPort,
                schedulerPort,
                true,
                storageMediaType,
                verbosity);
    }
}
