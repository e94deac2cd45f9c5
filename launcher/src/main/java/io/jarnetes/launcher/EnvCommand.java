package io.jarnetes.launcher;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;
import io.jarnetes.base.flags.Flag;
import io.jarnetes.base.flags.FlagException;
import io.jarnetes.base.flags.Flags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** {@code jarnetes env}: the export lines of the control plane that runs on a data directory. */
final class EnvCommand implements Program {

    private static final long LOOK_NANOS = 20_000_000;

    private final Flags flags = new Flags(Flags.Style.PFLAG);
    private final Flag<String> dataDir =
            flags.string("data-dir", "jarnetes-data", "The directory given to up.");
    private final Flag<Double> wait =
            flags.number("wait", 0, "Seconds to wait for a control plane that starts.");
    private final Flag<Boolean> help = flags.bool("help", false, "This text.");

    @Override
    public String name() {
        return "env";
    }

    @Override
    public int run(Invocation invocation) {
        try {
            flags.parse(invocation.args());
        } catch (FlagException e) {
            throw new UserException(e.getMessage() + "; `jarnetes env --help` lists the flags", e);
        }
        if (help.get()) {
            invocation
                    .out()
                    .print(
                            "Usage: jarnetes env [--data-dir D] [--wait SECONDS]\n\n"
                                    + flags.usage());
            return 0;
        }
        if (!flags.positional().isEmpty()) {
            throw new UserException(
                    "`env` takes flags only, not \"" + flags.positional().get(0) + "\"");
        }
        Path dir = UpCommand.directory(dataDir).toAbsolutePath().normalize();
        long end = System.nanoTime() + (long) (wait.get() * 1e9);
        Optional<String> text = running(dir);
        while (text.isEmpty() && System.nanoTime() < end && !invocation.stop().isDone()) {
            LockSupport.parkNanos(LOOK_NANOS);
            text = running(dir);
        }
        if (text.isEmpty()) {
            throw new UserException(
                    "no control plane is ready on "
                            + dir
                            + "; start one with `jarnetes up --data-dir "
                            + dir
                            + "`");
        }
        invocation.out().print(text.get());
        return 0;
    }

    private static Optional<String> running(Path dir) {
        Path file = DataDirectory.envFile(dir);
        if (!Files.exists(file) || !DataDirectory.inUse(dir)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
