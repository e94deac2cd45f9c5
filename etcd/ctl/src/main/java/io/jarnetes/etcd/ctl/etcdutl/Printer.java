package io.jarnetes.etcd.ctl.etcdutl;

import io.jarnetes.etcd.ctl.command.ExitException;
import io.jarnetes.etcd.storage.mvcc.KeyValueHash;
import java.io.PrintStream;
import java.util.List;

/** The output formats. */
interface Printer {
    void status(SnapshotStatus status);

    void hashKv(KeyValueHash hash);

    /**
     * The printer of that name.
     *
     * @param at35 whether the storage version, which 3.5 doesn't know, is left out
     */
    static Printer of(String format, PrintStream out, boolean at35) {
        return switch (format) {
            case "simple" -> new Rows(out, at35, false);
            case "table" -> new Rows(out, at35, true);
            case "json" -> new Json(out, at35);
            case "fields" -> new Fields(out, at35);
            case "protobuf" -> new Unsupported(format);
            default ->
                    throw new ExitException(ExitException.BAD_FEATURE, "unsupported output format");
        };
    }

    /** One line of values, or a table. */
    record Rows(PrintStream out, boolean at35, boolean table) implements Printer {
        private static final List<String> STATUS =
                List.of("hash", "revision", "total keys", "total size", "version");

        @Override
        public void status(SnapshotStatus status) {
            List<String> row =
                    List.of(
                            Integer.toHexString(status.hash()),
                            Long.toString(status.revision()),
                            Long.toString(status.totalKey()),
                            Humanize.bytes(status.totalSize()),
                            status.version());
            int columns = at35 ? STATUS.size() - 1 : STATUS.size();
            print(STATUS.subList(0, columns), row.subList(0, columns));
        }

        @Override
        public void hashKv(KeyValueHash hash) {
            print(
                    List.of("hash", "hash revision", "compact revision"),
                    List.of(
                            Integer.toUnsignedString(hash.hash()),
                            Long.toString(hash.revision()),
                            Long.toString(hash.compactRevision())));
        }

        private void print(List<String> header, List<String> row) {
            if (table) {
                out.print(Table.of(header, row));
            } else {
                out.println(String.join(", ", row));
            }
        }
    }

    /** One object on one line. */
    record Json(PrintStream out, boolean at35) implements Printer {
        @Override
        public void status(SnapshotStatus status) {
            out.println(
                    "{\"hash\":%s,\"revision\":%d,\"totalKey\":%d,\"totalSize\":%d%s}"
                            .formatted(
                                    Integer.toUnsignedString(status.hash()),
                                    status.revision(),
                                    status.totalKey(),
                                    status.totalSize(),
                                    at35 ? "" : ",\"version\":\"" + status.version() + "\""));
        }

        @Override
        public void hashKv(KeyValueHash hash) {
            out.println(
                    "{\"hash\":%s,\"hashRevision\":%d,\"compactRevision\":%d}"
                            .formatted(
                                    Integer.toUnsignedString(hash.hash()),
                                    hash.revision(),
                                    hash.compactRevision()));
        }
    }

    /** A line for each field. */
    record Fields(PrintStream out, boolean at35) implements Printer {
        private void field(String name, Object value) {
            out.println("\"" + name + "\" : " + value);
        }

        @Override
        public void status(SnapshotStatus status) {
            field("Hash", Integer.toUnsignedString(status.hash()));
            field("Revision", status.revision());
            field("Keys", status.totalKey());
            field("Size", status.totalSize());
            if (!at35) {
                field("Version", status.version());
            }
        }

        @Override
        public void hashKv(KeyValueHash hash) {
            field("Hash", Integer.toUnsignedString(hash.hash()));
            field("Hash revision", hash.revision());
            field("Compact revision", hash.compactRevision());
        }
    }

    /** A format that upstream names and has not. */
    record Unsupported(String format) implements Printer {
        private ExitException refusal() {
            return new ExitException(
                    ExitException.BAD_FEATURE, format + " not supported as output format");
        }

        @Override
        public void status(SnapshotStatus status) {
            throw refusal();
        }

        @Override
        public void hashKv(KeyValueHash hash) {
            throw refusal();
        }
    }
}
