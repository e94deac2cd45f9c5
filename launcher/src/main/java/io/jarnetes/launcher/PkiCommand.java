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
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** {@code jarnetes pki init|inspect|renew}. */
final class PkiCommand implements Program {

    private static final String USAGE =
            """
            Usage:
              jarnetes pki init --out DIR [--san NAME,...] [--days N] [--algorithm ALGORITHM]
              jarnetes pki inspect DIR
              jarnetes pki renew DIR [--days N] [--new-keys]
            """;

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
            case "init" -> init(invocation);
            case "inspect" -> inspect(invocation, directory(words));
            case "renew" -> renew(invocation, directory(words));
            default ->
                    throw new UserException(
                            "unknown command \"" + words.get(0) + "\": init, inspect or renew");
        }
        return 0;
    }

    private static Path directory(List<String> words) {
        if (words.size() != 2) {
            throw new UserException("`pki " + words.get(0) + "` wants one directory");
        }
        return Path.of(words.get(1));
    }

    private PkiOptions options() {
        if (days.get() < 1) {
            throw new UserException("--days " + days.get() + ": at least 1 is needed");
        }
        PkiOptions usual = PkiOptions.workshop();
        return new PkiOptions(
                Algorithm.named(algorithm.get()),
                Duration.ofDays(days.get()),
                san.get(),
                nodes.get(),
                server.changed() ? server.get() : usual.adminServer(),
                server.changed() ? server.get() : usual.componentServer());
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
