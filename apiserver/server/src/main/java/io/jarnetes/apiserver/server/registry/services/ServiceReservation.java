package io.jarnetes.apiserver.server.registry.services;

import io.jarnetes.apiserver.server.registry.Reservation;
import java.util.ArrayList;
import java.util.List;

/** What one write of a Service took, and what it will give back once it is stored. */
final class ServiceReservation implements Reservation {

    private final ClusterIps addresses;
    private final NodePorts ports;
    final List<String> takenAddresses = new ArrayList<>();
    final List<Integer> takenPorts = new ArrayList<>();
    final List<String> oldAddresses = new ArrayList<>();
    final List<Integer> oldPorts = new ArrayList<>();

    ServiceReservation(ClusterIps addresses, NodePorts ports) {
        this.addresses = addresses;
        this.ports = ports;
    }

    @Override
    public void commit() {
        oldAddresses.forEach(addresses::release);
        ports.release(oldPorts);
    }

    @Override
    public void rollBack() {
        takenAddresses.forEach(addresses::release);
        ports.release(takenPorts);
        takenAddresses.clear();
        takenPorts.clear();
    }
}
