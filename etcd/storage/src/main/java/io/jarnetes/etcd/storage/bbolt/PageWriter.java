package io.jarnetes.etcd.storage.bbolt;

import io.jarnetes.etcd.storage.disk.DiskFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;

/**
 * Writes nodes to their pages in the order of the file, neighbours in one call: with a channel, for
 * writing scattered pages through a mapping is several times slower.
 */
final class PageWriter {
    private static final int BUFFER_BYTES = 1 << 20;

    private final DiskFile file;
    private final int pageSize;
    // Freed with this object; a Db writes as long as it is open.
    private final MemorySegment buffer = Arena.ofAuto().allocate(BUFFER_BYTES, 8);
    private long bufferedAt;
    private long buffered;

    PageWriter(DiskFile file, int pageSize) {
        this.file = file;
        this.pageSize = pageSize;
    }

    void write(List<Node> nodes) {
        nodes.sort(Comparator.comparingLong(node -> node.pageId));
        for (Node node : nodes) {
            long at = node.pageId * pageSize;
            long size = (long) node.pages * pageSize;
            MemorySegment target = reserve(at, size);
            node.write(target, node.pages - 1);
            if (size > BUFFER_BYTES) {
                file.write(target.asByteBuffer(), at);
            }
        }
        flush();
    }

    /** Writes bytes that are no node: freelist and meta pages. */
    void write(MemorySegment bytes, long at) {
        file.write(bytes.asByteBuffer(), at);
    }

    private MemorySegment reserve(long at, long size) {
        if (at != bufferedAt + buffered || buffered + size > BUFFER_BYTES) {
            flush();
            bufferedAt = at;
        }
        if (size > BUFFER_BYTES) {
            bufferedAt = 0;
            return MemorySegment.ofArray(new byte[Math.toIntExact(size)]);
        }
        MemorySegment target = buffer.asSlice(buffered, size);
        buffered += size;
        return target;
    }

    private void flush() {
        if (buffered > 0) {
            file.write(buffer.asSlice(0, buffered).asByteBuffer(), bufferedAt);
        }
        buffered = 0;
    }
}
