package io.jarnetes.apiserver.server.registry.kinds;

import io.jarnetes.apiserver.server.registry.Quote;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Warnings about ports of a pod's containers that get into each other's way. */
final class PortWarnings {

    private record Place(JsonNode port, String path) {
        String hostIp() {
            return port.path("hostIP").asString("");
        }

        long hostPort() {
            return port.path("hostPort").asLong(0);
        }
    }

    private final List<String> warnings = new ArrayList<>();
    private final Map<String, List<Place>> byNumber = new HashMap<>();
    private final Map<String, String> byName = new HashMap<>();

    /** Of all containers, those that initialise first. */
    List<String> of(JsonNode spec, String path) {
        List<Place> ports = new ArrayList<>();
        for (String list : List.of("initContainers", "containers")) {
            for (int i = 0; i < spec.path(list).size(); i++) {
                JsonNode own = spec.path(list).path(i).path("ports");
                for (int j = 0; j < own.size(); j++) {
                    String at = path + "." + list + "[" + i + "].ports[" + j + "]";
                    ports.add(new Place(own.path(j), at));
                }
            }
        }
        ports.forEach(this::number);
        ports.forEach(this::name);
        return warnings;
    }

    private void number(Place place) {
        String key =
                place.port.path("containerPort").asLong(0)
                        + "/"
                        + place.port.path("protocol").asString("");
        List<Place> others = byNumber.computeIfAbsent(key, each -> new ArrayList<>());
        for (Place other : others) {
            String how = conflict(place, other);
            if (!how.isEmpty()) {
                warnings.add(place.path + ": " + how + " port definition with " + other.path);
            }
        }
        others.add(place);
    }

    private static String conflict(Place place, Place other) {
        boolean samePort = place.hostPort() == other.hostPort();
        if (samePort && place.hostIp().equals(other.hostIp())) {
            return "duplicate";
        }
        if (place.hostPort() == 0 || other.hostPort() == 0) {
            return "overlapping";
        }
        boolean oneAnywhere = place.hostIp().isEmpty() != other.hostIp().isEmpty();
        return samePort && oneAnywhere ? "dangerously ambiguous" : "";
    }

    private void name(Place place) {
        String name = place.port.path("name").asString("");
        String other = name.isEmpty() ? null : byName.putIfAbsent(name, place.path);
        if (other != null) {
            warnings.add(
                    place.path
                            + ": duplicate port name "
                            + Quote.go(name)
                            + " with "
                            + other
                            + ", services and probes that select ports by name will use "
                            + other);
        }
    }
}
