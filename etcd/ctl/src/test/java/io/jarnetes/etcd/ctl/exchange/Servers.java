package io.jarnetes.etcd.ctl.exchange;

import java.util.ArrayList;
import java.util.List;

/** The members of a cluster, all of one make. */
final class Servers implements AutoCloseable {
    private final List<Server> servers = new ArrayList<>();
    private final List<Hand> hands = new ArrayList<>();

    static Servers start(Make make, List<Place> places, String... more) {
        Servers all = new Servers();
        try {
            for (Place place : places) {
                Server server = Server.launch(make, place, more);
                all.servers.add(server);
                all.hands.add(server.hand());
            }
            all.servers.forEach(Server::awaitServing);
            return all;
        } catch (RuntimeException | Error e) {
            all.close();
            throw e;
        }
    }

    Hand hand(int member) {
        return hands.get(member);
    }

    void end(boolean kill) {
        servers.forEach(server -> server.end(kill));
    }

    @Override
    public void close() {
        hands.forEach(Hand::close);
        servers.forEach(Server::close);
    }
}
