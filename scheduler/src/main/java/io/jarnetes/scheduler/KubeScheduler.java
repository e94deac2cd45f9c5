package io.jarnetes.scheduler;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;
import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.log.Log;
import io.jarnetes.kubeclient.ComponentFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The program {@code kube-scheduler}, with upstream's flags and exit statuses. */
public final class KubeScheduler implements Program {

    private static final String NAME = "kube-scheduler";
    private static final int SECURE_PORT = 10259;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int run(Invocation invocation) throws Exception {
        ComponentFlags common = new ComponentFlags(NAME, SECURE_PORT);
        Flag<String> file =
                common.flags().string("config", "", "The path to the configuration file");
        common.ignoreStrings("write-config-to", "pod-max-in-unschedulable-pods-duration");
        common.ignoreBooleans("unsupported-kube-api-over-localhost");
        Optional<Integer> end = common.parse(invocation);
        if (end.isPresent()) {
            return end.get();
        }
        Log log = common.log(invocation);
        try {
            return run(config(common, file.get()), log, invocation.stop());
        } catch (IOException e) {
            log.error("command failed", "err", e.getMessage());
            return 1;
        }
    }

    private static SchedulerConfig config(ComponentFlags common, String file) throws IOException {
        ConfigFile config = ConfigFile.EMPTY;
        if (!file.isEmpty()) {
            if (!Files.exists(Path.of(file))) {
                throw new IOException("open " + file + ": no such file or directory");
            }
            config = ConfigFile.parse(Files.readString(Path.of(file)), file);
        }
        return new SchedulerConfig(
                common.kubeConfig(config.kubeconfig()),
                common.leaderElection(config.leaderElection()),
                common.serving(),
                config.profiles(),
                config.firstBackoff(),
                config.lastBackoff(),
                ComponentFlags.hostName());
    }

    /** 1 when the Lease is lost, 0 when it was told to stop. */
    private static int run(SchedulerConfig config, Log log, CompletableFuture<Void> stop)
            throws IOException {
        try (Scheduler scheduler = Scheduler.start(config, log)) {
            CompletableFuture.anyOf(scheduler.lost(), stop).join();
            return scheduler.lost().isDone() ? 1 : 0;
        }
    }
}
