package io.jarnetes.etcd.ctl.etcdutl;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.flags.Flag;
import io.jarnetes.etcd.ctl.command.Command;
import io.jarnetes.etcd.ctl.command.ExitException;

/**
 * The flags of all commands.
 *
 * @param writeOut upstream's {@code --write-out}
 * @param compatibility ours: whose output it is, 3.5's or 3.6's
 */
record Settings(Flag<String> writeOut, Flag<String> compatibility, Invocation invocation) {
    private static final String VERSION_35 = "3.5.30";
    private static final String VERSION_36 = "3.6.14";

    static Settings declare(Command command, Invocation invocation) {
        Flag<String> writeOut =
                command.global(
                        command.flags()
                                .string(
                                        "write-out",
                                        "simple",
                                        "set the output format (fields, json, protobuf, simple,"
                                                + " table)"));
        command.flags().shorthand('w', writeOut);
        Flag<String> compatibility =
                command.hide(
                        command.global(
                                command.flags()
                                        .string(
                                                "cluster-compatibility",
                                                "3.6",
                                                "version of upstream to act as: 3.5 or 3.6")));
        return new Settings(writeOut, compatibility, invocation);
    }

    boolean at35() {
        return switch (compatibility.get()) {
            case "3.5" -> true;
            case "3.6" -> false;
            default ->
                    throw new ExitException(
                            ExitException.BAD_FEATURE,
                            "--cluster-compatibility is 3.5 or 3.6, not " + compatibility.get());
        };
    }

    String version() {
        return at35() ? VERSION_35 : VERSION_36;
    }

    Printer printer() {
        return Printer.of(writeOut.get(), invocation.out(), at35());
    }
}
