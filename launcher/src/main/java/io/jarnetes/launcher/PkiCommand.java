package io.jarnetes.launcher;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;
import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.flags.FlagException;
import io.jarnetes.base.flags.Flags;
import io.jarnetes.pki.Algorithm;
import io.jarnetes.pki.Names;
import io.jarnetes.pki.PkiDirectory;
import io.jarnetes.pki.PkiOptions;
import io.jarnetes.pki.Profiles;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** {@code jarnetes pki init|inspect|renew}. */
final class PkiCommand implements Program {

    private static final String USAGE =
            """
            Usage:
              jarnetes pki init --out DIR [--san NAME,...] [--days N] [--algorithm ALGORITHM]
              jarnetes pki inspect DIR
              jarnetes pki renew DIR [--days N] [--new-keys]
            """;

    /** Until the end of the year 9999, X.509's last, with room for many years of use. */
    private static final int MAX_DAYS = 2_900_000;

    private static final String LABEL = "[A-Za-z0-9_]([-A-Za-z0-9_]*[A-Za-z0-9_])?";

    /** DNS names, of which the last part is no number; the first may be a star. */
    private static final Pattern HOST =
            Pattern.compile("(\\*\\.)?(%s\\.)*(?![0-9]+$)%s".formatted(LABEL, LABEL));

    private static final Pattern NODE =
            Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");

    private final Flags flags = new Flags(Flags.Style.PFLAG);
    private final Flag<String> out = flags.string("out", "", "The directory to fill.");
    private final Flag<List<String>> san =
            flags.strings(
                    "san", List.of(), "More names and addresses of the API server and of etcd.");
    private final Flag<Integer> days =
            flags.integer("days", PkiOptions.DEFAULT_DAYS, "How long certificates live.");
    private final Flag<String> algorithm =
            flags.string("algorithm", "ecdsa-p256", "ecdsa-p256, rsa-2048 or rsa-4096.");
    private final Flag<List<String>> nodes =
            flags.strings("nodes", List.of("node-0", "node-1"), "Nodes that get credentials.");
    private final Flag<String> server =
            flags.string(
                    "server",
                    "",
                    "The API server's URL in all kubeconfigs; without it https://127.0.0.1:6443 in"
                            + " the administrator's and https://kube-apiserver:6443 in the others.");
    private final Flag<Boolean> newKeys =
            flags.bool("new-keys", false, "Renew the keys with the certificates.");
    private final Flag<Boolean> help = flags.bool("help", false, "This text.");

    @Override
    public String name() {
        return "pki";
    }

    @Override
    public int run(Invocation invocation) {
        try {
            flags.parse(invocation.args());
        } catch (FlagException e) {
            throw new UserException(e.getMessage() + "; `jarnetes pki --help` lists the flags", e);
        }
        List<String> words = flags.positional();
        if (help.get() || words.isEmpty()) {
            (help.get() ? invocation.out() : invocation.err()).print(USAGE + "\n" + flags.usage());
            return help.get() ? 0 : 1;
        }
        switch (words.get(0)) {
            case "init" -> {
                only("init", words, 1, out, san, days, algorithm, nodes, server);
                init(invocation);
            }
            case "inspect" -> {
                only("inspect", words, 2);
                inspect(invocation, Path.of(words.get(1)));
            }
            case "renew" -> {
                only("renew", words, 2, san, days, algorithm, nodes, newKeys);
                renew(invocation, Path.of(words.get(1)));
            }
            default ->
                    throw new UserException(
                            "unknown command \"" + words.get(0) + "\": init, inspect or renew");
        }
        return 0;
    }

    /** Refuses words too few or too many, and flags of the other commands. */
    private void only(String command, List<String> words, int number, Flag<?>... allowed) {
        if (words.size() != number) {
            throw new UserException(
                    number == 1
                            ? "`pki %s` takes flags only, not \"%s\""
                                    .formatted(command, words.get(1))
                            : "`pki " + command + "` wants one directory");
        }
        for (Flag<?> flag : List.of(out, san, days, algorithm, nodes, server, newKeys)) {
            if (flag.changed() && !List.of(allowed).contains(flag)) {
                throw new UserException("`pki " + command + "` has no flag --" + flag.name());
            }
        }
    }

    private PkiOptions options() {
        if (days.get() < 1) {
            throw new UserException("--days " + days.get() + ": at least 1 is needed");
        }
        if (days.get() > MAX_DAYS) {
            throw new UserException(
                    "--days %d: at most %d, for certificates end before the year 10000"
                            .formatted(days.get(), MAX_DAYS));
        }
        refuse(san, HOST, "is neither a DNS name nor an IP address");
        refuse(nodes, NODE, "can't be a node's name: lower case letters, digits, '-' and '.'");
        PkiOptions usual = PkiOptions.workshop();
        return new PkiOptions(
                Algorithm.named(algorithm.get()),
                Duration.ofDays(days.get()),
                san.get(),
                nodes.get(),
                server.changed() ? server.get() : usual.adminServer(),
                server.changed() ? server.get() : usual.componentServer());
    }

    private static void refuse(Flag<List<String>> flag, Pattern wanted, String why) {
        for (String word : flag.get()) {
            if (!wanted.matcher(word).matches() && !(wanted == HOST && isAddress(word))) {
                throw new UserException("--%s: \"%s\" %s".formatted(flag.name(), word, why));
            }
        }
    }

    private static boolean isAddress(String word) {
        try {
            return InetAddress.ofLiteral(word).getHostAddress() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private void init(Invocation invocation) {
        if (out.get().isEmpty()) {
            throw new UserException("`pki init` wants --out DIR");
        }
        Path dir = Path.of(out.get());
        pki(dir).init(options());
        invocation.out().println("certificates and kubeconfigs are in " + dir);
    }

    private void renew(Invocation invocation, Path dir) {
        List<String> all = nodes.changed() ? nodes.get() : pki(dir).nodes();
        List<String> renewed =
                pki(dir).renew(options(), Profiles.all(all, san.get()), newKeys.get());
        invocation.out().println("renewed: " + String.join(", ", renewed));
    }

    private void inspect(Invocation invocation, Path dir) {
        PkiDirectory pki = pki(dir);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("NAME", "SUBJECT", "USAGES", "SANS", "DAYS LEFT"));
        for (PkiDirectory.Entry entry : pki.entries()) {
            X509Certificate certificate = entry.certificate();
            rows.add(
                    List.of(
                            entry.name(),
                            certificate.getSubjectX500Principal().getName(),
                            String.join(",", Names.usages(certificate)),
                            String.join(",", Names.hosts(certificate)),
                            String.valueOf(pki.left(certificate).toDays())));
        }
        invocation.out().print(Columns.text(rows));
    }

    private static PkiDirectory pki(Path dir) {
        return new PkiDirectory(dir, Clock.systemUTC(), new SecureRandom());
    }
}
