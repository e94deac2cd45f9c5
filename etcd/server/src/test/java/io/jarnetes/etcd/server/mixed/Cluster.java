package io.jarnetes.etcd.server.mixed;

import io.jarnetes.base.Eventually;
import io.jarnetes.base.FreePorts;
import io.jarnetes.etcd.proto.etcdserverpb.Member;
import io.jarnetes.etcd.proto.etcdserverpb.MemberListRequest;
import io.jarnetes.etcd.proto.etcdserverpb.StatusResponse;
import io.jarnetes.etcd.server.EtcdRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** Members of both makes on loopback, with the same flags; asked by Debian's etcdctl. */
final class Cluster implements AutoCloseable {
    private static final String TOKEN = "mixed";
    private static final int LOOP_THREADS = 2;

    /** So many may come and go in a cluster's life. */
    private static final int MAX_NODES = 12;

    private final Path dir;
    private final Upstream upstream;
    private final Settings settings;
    private final EtcdRuntime runtime = EtcdRuntime.create(LOOP_THREADS);
    private final List<Node> nodes = new CopyOnWriteArrayList<>();
    private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();

    /** Taken at once, so that no two members get the same. */
    private final Iterator<Integer> ports;

    private Cluster(Path dir, Upstream upstream, Settings settings) throws IOException {
        this.dir = dir;
        this.upstream = upstream;
        this.settings = settings;
        ports = FreePorts.take(2 * MAX_NODES).iterator();
    }

    /** A new cluster of members m0, m1 and so on, which serve when this returns. */
    static Cluster start(Path dir, Upstream upstream, Settings settings, Make... makes)
            throws IOException {
        Cluster cluster = new Cluster(dir, upstream, settings);
        try {
            for (Make make : makes) {
                cluster.nodes.add(cluster.place("m" + cluster.nodes.size(), make));
            }
            for (Node node : cluster.nodes) {
                cluster.begin(node, node.make(), "new");
            }
            for (Node node : cluster.nodes) {
                cluster.awaitServing(node);
            }
            return cluster;
        } catch (IOException | RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    private Node place(String name, Make make) {
        String scheme = settings.tls() == null ? "http" : "https";
        return new Node(
                name,
                make,
                dir,
                "http://127.0.0.1:" + ports.next(),
                scheme + "://127.0.0.1:" + ports.next());
    }

    private void begin(Node node, Make make, String state) throws IOException {
        List<String> flags = flags(node, state);
        if (make == Make.GO) {
            node.runs(make, GoMember.start(upstream, flags, node.log()));
            return;
        }
        flags.add("--cluster-compatibility=" + upstream.compatibility());
        node.runs(
                make,
                settings.processes()
                        ? JavaMember.startProcess(flags, node.log())
                        : JavaMember.start(runtime, flags, node.log()));
    }

    private List<String> flags(Node node, String state) {
        List<String> flags = new ArrayList<>();
        flags.add("--name=" + node.name());
        flags.add("--data-dir=" + node.data());
        flags.add("--listen-client-urls=" + node.clientUrl());
        flags.add("--advertise-client-urls=" + node.clientUrl());
        flags.add("--listen-peer-urls=" + node.peerUrl());
        flags.add("--initial-advertise-peer-urls=" + node.peerUrl());
        flags.add(
                "--initial-cluster="
                        + nodes.stream()
                                .map(n -> n.name() + "=" + n.peerUrl())
                                .collect(Collectors.joining(",")));
        flags.add("--initial-cluster-state=" + state);
        flags.add("--initial-cluster-token=" + TOKEN);
        flags.addAll(settings.flags());
        PeerTls tls = settings.tls();
        if (tls != null) {
            flags.addAll(tls.flags());
        }
        return flags;
    }

    /** Waits until the member answers clients and has a leader. */
    void awaitServing(Node node) {
        Eventually.until(
                node + " to serve, log in " + node.log(),
                () -> {
                    if (!node.isRunning()) {
                        throw new AssertionError(node + " ended: " + lastWords(node));
                    }
                    return endpoint(node).status().getLeader() != 0;
                });
    }

    private static String lastWords(Node node) throws IOException {
        List<String> lines = Files.readAllLines(node.log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
    }

    Upstream upstream() {
        return upstream;
    }

    List<Node> nodes() {
        return List.copyOf(nodes);
    }

    Node node(String name) {
        return nodes.stream()
                .filter(n -> n.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no member " + name));
    }

    /** The first member of a make that runs. */
    Node any(Make make) {
        return nodes.stream()
                .filter(n -> n.make() == make && n.isRunning())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no member of " + make + " runs"));
    }

    List<Node> running() {
        return nodes.stream().filter(Node::isRunning).toList();
    }

    Endpoint endpoint(Node node) {
        return endpoints.computeIfAbsent(node.clientUrl(), Endpoint::new);
    }

    /** Debian's etcdctl, for all members that run. */
    Etcdctl ctl() {
        return Etcdctl.of(upstream, running().stream().map(Node::clientUrl).toList());
    }

    Etcdctl ctl(Node node) {
        return Etcdctl.of(upstream, List.of(node.clientUrl()));
    }

    /** The members as the cluster has them now, asked of one that runs. */
    List<Member> members() {
        return membersOf(running().getFirst());
    }

    /** The members as one of them has them, which may be behind. */
    private List<Member> membersOf(Node node) {
        return endpoint(node)
                .cluster()
                .memberList(MemberListRequest.getDefaultInstance())
                .getMembersList();
    }

    long id(Node node) {
        return members().stream()
                .filter(m -> m.getPeerURLs(0).equals(node.peerUrl()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(node + " is not a member"))
                .getID();
    }

    private String hexId(Node node) {
        return Long.toHexString(id(node));
    }

    /** Adds a member and starts it, with no data. */
    Node join(String name, Make make, boolean learner) throws IOException {
        Node node = place(name, make);
        String[] words =
                learner
                        ? new String[] {
                            "member", "add", name, "--peer-urls=" + node.peerUrl(), "--learner"
                        }
                        : new String[] {"member", "add", name, "--peer-urls=" + node.peerUrl()};
        patiently(words);
        // Who joins believes the first that answers, as upstream does.
        Eventually.until(
                "all to know " + node, () -> running().stream().allMatch(n -> knows(n, node)));
        nodes.add(node);
        begin(node, make, "existing");
        awaitServing(node);
        return node;
    }

    private boolean knows(Node member, Node other) {
        return membersOf(member).stream().anyMatch(m -> m.getPeerURLs(0).equals(other.peerUrl()));
    }

    /** Asks until the cluster finds that it is healthy enough. */
    private void patiently(String... words) {
        Eventually.until(
                String.join(" ", words),
                () -> {
                    Etcdctl.Outcome outcome = ctl().attempt(words);
                    if (!outcome.ok()) {
                        throw new AssertionError(outcome.out());
                    }
                    return true;
                });
    }

    void promote(Node node) {
        patiently("member", "promote", hexId(node));
    }

    /** Removes a member, which ends by that. */
    void remove(Node node) {
        String id = hexId(node);
        nodes.remove(node);
        Eventually.until(
                "the removal of " + node,
                () -> {
                    Etcdctl.Outcome outcome = ctl().attempt("member", "remove", id);
                    if (!outcome.ok() && !outcome.out().contains("member not found")) {
                        throw new AssertionError(outcome.out());
                    }
                    return true;
                });
        node.running().awaitEnd();
    }

    void stop(Node node) {
        node.running().stop();
    }

    void kill(Node node) {
        node.running().kill();
    }

    /** Starts a member on the directory that it has, or that the other make left. */
    void restart(Node node, Make make) throws IOException {
        begin(node, make, "existing");
        awaitServing(node);
    }

    /** Starts all members again, on what they have. */
    void restartAll() throws IOException {
        for (Node node : nodes) {
            begin(node, node.make(), "existing");
        }
        nodes.forEach(this::awaitServing);
    }

    /** Waits until all members that run know the same leader. */
    Node leader() {
        Node[] found = new Node[1];
        Eventually.until(
                "one leader",
                () -> {
                    List<Long> leaders =
                            running().stream()
                                    .map(n -> endpoint(n).status().getLeader())
                                    .distinct()
                                    .toList();
                    if (leaders.size() != 1) {
                        return false;
                    }
                    for (Node node : running()) {
                        StatusResponse status = endpoint(node).status();
                        if (status.getHeader().getMemberId() == leaders.getFirst()) {
                            found[0] = node;
                        }
                    }
                    return found[0] != null;
                });
        return found[0];
    }

    /** Makes a member the leader. */
    void moveLeader(Node target) {
        Eventually.until(
                target + " to lead",
                () -> {
                    Node leader = leader();
                    if (leader == target) {
                        return true;
                    }
                    Etcdctl.Outcome outcome = ctl(leader).attempt("move-leader", hexId(target));
                    if (!outcome.ok()) {
                        throw new AssertionError(outcome.out());
                    }
                    return leader() == target;
                });
    }

    @Override
    public void close() {
        endpoints.values().forEach(Endpoint::close);
        for (Node node : nodes) {
            if (node.isRunning()) {
                end(node);
            }
        }
        runtime.close();
    }

    private void end(Node node) {
        if (node.make() == Make.GO || settings.processes()) {
            node.running().kill();
        } else {
            node.running().stop();
        }
    }
}
