package io.jarnetes.node;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;
import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.flags.FlagException;
import io.jarnetes.base.flags.Flags;
import io.jarnetes.base.log.KlogLog;
import io.jarnetes.base.log.Log;
import io.jarnetes.base.tls.Pem;
import io.jarnetes.kubeclient.KubeConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code jarnetes node --kubeconfig FILE ...}: a simulated node for each kubeconfig. The client
 * certificate in it says which: its common name is {@code system:node:<name>}.
 */
public final class NodeProgram implements Program {

    private static final Pattern NODE = Pattern.compile("CN=system:node:([a-z0-9.-]+)");
    private static final Pattern ENDING = Pattern.compile("(\\d{1,3})$");
    private static final int ADDRESSES = 250;

    private final Flags flags = new Flags(Flags.Style.PFLAG);
    private final Flag<List<String>> kubeconfigs =
            flags.stringArray(
                    "kubeconfig", List.of(), "A node's kubeconfig; give one for each node.");
    private final Flag<Integer> verbosity = flags.integer("v", 0, "Verbosity of the log.");
    private final Flag<Boolean> help = flags.bool("help", false, "This text.");

    @Override
    public String name() {
        return "node";
    }

    @Override
    public int run(Invocation invocation) throws IOException {
        flags.shorthand('v', verbosity);
        flags.shorthand('h', help);
        try {
            flags.parse(invocation.args());
        } catch (FlagException e) {
            invocation.err().println("Error: " + e.getMessage());
            return 1;
        }
        if (help.get()) {
            invocation
                    .out()
                    .print("Usage: jarnetes node --kubeconfig FILE ...\n\n" + flags.usage());
            return 0;
        }
        if (kubeconfigs.get().isEmpty()) {
            invocation.err().println("Error: no node: --kubeconfig FILE is needed for each");
            return 1;
        }
        Log log = new KlogLog(invocation.err(), false, verbosity.get(), "node.go:1");
        List<SimulatedNodesConfig.SimulatedNode> nodes = new ArrayList<>();
        for (String file : kubeconfigs.get()) {
            KubeConfig kubeconfig = KubeConfig.load(Path.of(file));
            String name = nodeName(kubeconfig, file);
            nodes.add(
                    new SimulatedNodesConfig.SimulatedNode(
                            name, index(name, nodes.size()), kubeconfig));
        }
        try (SimulatedNodes running = SimulatedNodes.start(new SimulatedNodesConfig(nodes), log)) {
            running.ready().thenRun(() -> log.info("Nodes are ready", "count", nodes.size()));
            invocation.stop().join();
        }
        return 0;
    }

    private static String nodeName(KubeConfig kubeconfig, String file) throws IOException {
        String certificate = kubeconfig.clientCertificate();
        if (certificate != null) {
            String subject =
                    Pem.certificates(certificate, file).get(0).getSubjectX500Principal().getName();
            Matcher found = NODE.matcher(subject);
            if (found.find()) {
                return found.group(1);
            }
        }
        throw new IOException(
                file + " has no client certificate of a node (common name system:node:<name>)");
    }

    /** The number at the end of a name decides a node's addresses, so that they stay. */
    private static int index(String name, int ordinal) {
        Matcher found = ENDING.matcher(name);
        int number = found.find() ? Integer.parseInt(found.group(1)) : ordinal;
        return number % ADDRESSES;
    }
}
