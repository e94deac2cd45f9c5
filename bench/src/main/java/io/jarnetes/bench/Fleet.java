package io.jarnetes.bench;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.jarnetes.base.FreePorts;
import io.jarnetes.etcd.proto.etcdserverpb.KVGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.MaintenanceGrpc;
import io.jarnetes.etcd.proto.etcdserverpb.StatusRequest;
import io.jarnetes.etcd.proto.etcdserverpb.StatusResponse;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The members of one cluster, as processes of this machine. */
final class Fleet implements AutoCloseable {
    private static final long READY_SECONDS = 120;
    private static final long TRY_MILLIS = 5;
    private static final long STOP_SECONDS = 20;

    private final Make make;
    private final Path work;
    private final EventLoopGroup loops;
    private final List<String> flags;
    private final List<Integer> clientPorts;
    private final List<Integer> peerPorts;
    private final List<@Nullable Process> processes = new ArrayList<>();
    private final boolean together;
    private long launchedNanos;

    private Fleet(
            Make make,
            Path work,
            int members,
            boolean together,
            EventLoopGroup loops,
            List<String> flags)
            throws IOException {
        this.make = make;
        this.work = work;
        this.loops = loops;
        this.flags = flags;
        this.together = together;
        List<Integer> ports = FreePorts.take(2 * members);
        clientPorts = ports.subList(0, members);
        peerPorts = ports.subList(members, 2 * members);
    }

    /** Starts a process for each member and waits until the cluster takes puts. */
    static Fleet start(Make make, Path work, int members, EventLoopGroup loops, List<String> flags)
            throws IOException, InterruptedException {
        Fleet fleet = launchAll(make, work, members, loops, flags);
        fleet.awaitPut();
        return fleet;
    }

    /** Starts a process for each member and waits for nothing. */
    static Fleet launchAll(
            Make make, Path work, int members, EventLoopGroup loops, List<String> flags)
            throws IOException {
        Fleet fleet = new Fleet(make, work, members, false, loops, flags);
        for (int i = 0; i < members; i++) {
            fleet.processes.add(null);
        }
        for (int i = 0; i < members; i++) {
            fleet.launch(i);
        }
        return fleet;
    }

    /** Starts one process that is all members: {@link Members}. */
    static Fleet startTogether(
            Make make, Path work, int members, EventLoopGroup loops, List<String> flags)
            throws IOException, InterruptedException {
        Fleet fleet = new Fleet(make, work, members, true, loops, flags);
        List<String> words = new ArrayList<>(make.command());
        for (int i = 0; i < members; i++) {
            words.add(Members.SEPARATOR);
            words.addAll(fleet.arguments(i));
        }
        fleet.processes.add(fleet.spawn(words, "all"));
        fleet.awaitPut();
        return fleet;
    }

    private List<String> arguments(int member) {
        String client = "http://127.0.0.1:" + clientPorts.get(member);
        String peer = "http://127.0.0.1:" + peerPorts.get(member);
        String all =
                IntStream.range(0, peerPorts.size())
                        .mapToObj(i -> "m" + i + "=http://127.0.0.1:" + peerPorts.get(i))
                        .collect(Collectors.joining(","));
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "--name=m" + member,
                                "--data-dir=" + directory(member),
                                "--listen-client-urls=" + client,
                                "--advertise-client-urls=" + client,
                                "--listen-peer-urls=" + peer,
                                "--initial-advertise-peer-urls=" + peer,
                                "--initial-cluster=" + all,
                                "--log-level=error"));
        words.addAll(flags);
        return words;
    }

    Path directory(int member) {
        return work.resolve("m" + member);
    }

    /** Starts a member that does not run. */
    void launch(int member) throws IOException {
        List<String> words = new ArrayList<>(make.command());
        words.addAll(arguments(member));
        launchedNanos = System.nanoTime();
        processes.set(member, spawn(words, "m" + member));
    }

    /** When the last member was started, by {@link System#nanoTime}. */
    long launchedNanos() {
        return launchedNanos;
    }

    private Process spawn(List<String> words, String name) throws IOException {
        Files.createDirectories(work);
        return new ProcessBuilder(words)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(work.resolve(name + ".log").toFile()))
                .start();
    }

    Make make() {
        return make;
    }

    List<Integer> ports() {
        return clientPorts;
    }

    Connections connect(int count) {
        return new Connections(loops, clientPorts, count);
    }

    /** CPU of all processes since their start. */
    double cpuMicros() {
        return running().stream().mapToDouble(p -> Proc.cpuMicros(p.pid())).sum();
    }

    double rssMib() {
        return running().stream().mapToDouble(p -> Proc.rssMib(p.pid())).sum();
    }

    private List<Process> running() {
        List<Process> running = new ArrayList<>();
        for (Process process : processes) {
            if (process != null) {
                running.add(process);
            }
        }
        return running;
    }

    /** Waits until every member answers a put. */
    void awaitPut() throws InterruptedException {
        for (int i = 0; i < clientPorts.size(); i++) {
            try (Connections one = new Connections(loops, List.of(clientPorts.get(i)), 1)) {
                awaitPut(one.get(0));
            }
        }
    }

    private void awaitPut(ManagedChannel channel) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        SplittableRandom random = new SplittableRandom();
        while (true) {
            try {
                channel.resetConnectBackoff();
                var put = Workload.put(Workload.key(random), Workload.value(random, 8));
                KVGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.SECONDS).put(put);
                return;
            } catch (StatusRuntimeException e) {
                requireAlive();
                if (System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            make.name() + " takes no puts; see " + work + "/*.log", e);
                }
                TimeUnit.MILLISECONDS.sleep(TRY_MILLIS);
            }
        }
    }

    void requireAlive() {
        for (Process process : running()) {
            if (!process.isAlive()) {
                throw new IllegalStateException(
                        make.name()
                                + " ended with status "
                                + process.exitValue()
                                + "; see "
                                + work
                                + "/*.log");
            }
        }
    }

    /** Which member leads. */
    int leader() throws InterruptedException {
        try (Connections all = connect(clientPorts.size())) {
            for (int i = 0; i < all.size(); i++) {
                StatusResponse status =
                        MaintenanceGrpc.newBlockingStub(all.get(i))
                                .withDeadlineAfter(10, TimeUnit.SECONDS)
                                .status(StatusRequest.getDefaultInstance());
                if (status.getHeader().getMemberId() == status.getLeader()) {
                    return i;
                }
            }
        }
        throw new IllegalStateException("no member leads");
    }

    /** Asks one member for something long. */
    <T> T ask(int member, Function<ManagedChannel, T> question) throws InterruptedException {
        try (Connections one = new Connections(loops, List.of(clientPorts.get(member)), 1)) {
            return question.apply(one.get(0));
        }
    }

    /** As {@code kill -9}. */
    void kill(int member) throws InterruptedException {
        Process process = processes.get(member);
        if (process != null) {
            process.destroyForcibly().waitFor();
            processes.set(member, null);
        }
    }

    /** Stops in order, and leaves the directories. */
    void stop() throws InterruptedException {
        running().forEach(Process::destroy);
        for (Process process : running()) {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        }
        if (!together) {
            processes.replaceAll(p -> null);
        } else {
            processes.clear();
        }
    }

    /** Kills what runs. */
    @Override
    public void close() throws InterruptedException {
        for (Process process : running()) {
            process.destroyForcibly().waitFor();
        }
        processes.clear();
    }
}
