package io.jarnetes.etcd.storage.wal;

import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.Disk;
import io.jarnetes.etcd.storage.disk.MissingFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a segment: its place in the row, and the first entry that may be in it.
 *
 * @param sequence from 0
 * @param index one more than the last entry of the segment before
 */
record SegmentName(long sequence, long index) {
    private static final Pattern FORM = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.wal");

    static Optional<SegmentName> parse(String name) {
        Matcher matcher = FORM.matcher(name);
        return matcher.matches()
                ? Optional.of(
                        new SegmentName(
                                Long.parseUnsignedLong(matcher.group(1), 16),
                                Long.parseUnsignedLong(matcher.group(2), 16)))
                : Optional.empty();
    }

    String fileName() {
        return "%016x-%016x.wal".formatted(sequence, index);
    }

    /** All segments of a directory, in order; other files are passed over. */
    static List<SegmentName> list(Disk disk, Path directory) {
        // Numbers in the names have all their digits: the order of names is the order of the row.
        return disk.list(directory).stream().flatMap(name -> parse(name).stream()).toList();
    }

    /** The segments needed to read on from an entry: the last that can hold it, and all after. */
    static List<SegmentName> from(Disk disk, Path directory, long index) {
        List<SegmentName> all = list(disk, directory);
        int first = all.size() - 1;
        while (first >= 0 && all.get(first).index() > index) {
            first--;
        }
        if (first < 0) {
            throw new MissingFileException(
                    directory.resolve("*.wal"),
                    all.isEmpty()
                            ? "there is no segment in this directory"
                            : "no segment goes back to entry "
                                    + index
                                    + ", the oldest is "
                                    + all.getFirst().fileName());
        }
        List<SegmentName> needed = all.subList(first, all.size());
        for (int i = 1; i < needed.size(); i++) {
            if (needed.get(i).sequence() != needed.get(i - 1).sequence() + 1) {
                throw new CorruptFileException(
                        directory.resolve(needed.get(i).fileName()),
                        0,
                        "the segment before it is missing, the one found is "
                                + needed.get(i - 1).fileName(),
                        RecordReader.ADVICE);
            }
        }
        return List.copyOf(needed);
    }
}
