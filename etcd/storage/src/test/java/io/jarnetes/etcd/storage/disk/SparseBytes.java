package io.jarnetes.etcd.storage.disk;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/** The contents of a simulated file: what was never written takes no memory. */
final class SparseBytes {
    private static final int EXTENT_BYTES = 2 << 10;

    private final TreeMap<Long, byte[]> extents = new TreeMap<>();
    private long size;

    SparseBytes copy() {
        SparseBytes copy = new SparseBytes();
        extents.forEach((at, bytes) -> copy.extents.put(at, bytes.clone()));
        copy.size = size;
        return copy;
    }

    long size() {
        return size;
    }

    void write(byte[] source, int from, int count, long position) {
        int done = 0;
        while (done < count) {
            long at = position + done;
            Map.Entry<Long, byte[]> extent = extentAt(at);
            int within = (int) (at - extent.getKey());
            int part = Math.min(count - done, extent.getValue().length - within);
            System.arraycopy(source, from + done, extent.getValue(), within, part);
            done += part;
        }
        size = Math.max(size, position + count);
    }

    private Map.Entry<Long, byte[]> extentAt(long position) {
        Map.Entry<Long, byte[]> extent = extents.floorEntry(position);
        if (extent == null || extent.getKey() + extent.getValue().length <= position) {
            long start = position / EXTENT_BYTES * EXTENT_BYTES;
            long from = extent == null ? 0 : extent.getKey() + extent.getValue().length;
            Long next = extents.higherKey(position);
            long end = Math.min(start + EXTENT_BYTES, next == null ? Long.MAX_VALUE : next);
            start = Math.max(start, from);
            byte[] zeros = new byte[(int) (end - start)];
            extents.put(start, zeros);
            extent = Map.entry(start, zeros);
        }
        return extent;
    }

    int read(ByteBuffer target, long position) {
        int count = (int) Math.max(0, Math.min(target.remaining(), size - position));
        for (int done = 0; done < count; ) {
            long at = position + done;
            Map.Entry<Long, byte[]> extent = extents.floorEntry(at);
            if (extent == null || extent.getKey() + extent.getValue().length <= at) {
                Long next = extents.higherKey(at);
                long zeros = next == null ? count - done : Math.min(count - done, next - at);
                target.put(new byte[(int) zeros]);
                done += (int) zeros;
            } else {
                int within = (int) (at - extent.getKey());
                int part = Math.min(count - done, extent.getValue().length - within);
                target.put(extent.getValue(), within, part);
                done += part;
            }
        }
        return count;
    }

    void truncate(long newSize) {
        if (newSize < size) {
            extents.tailMap(newSize, true).clear();
            Map.Entry<Long, byte[]> last = extents.floorEntry(newSize);
            if (last != null) {
                int keep = (int) Math.min(last.getValue().length, newSize - last.getKey());
                java.util.Arrays.fill(last.getValue(), keep, last.getValue().length, (byte) 0);
            }
        }
        size = newSize;
    }

    /** A live view: the extents it lies in become one. */
    MemorySegment map(long position, long count) {
        Map.Entry<Long, byte[]> extent = extentAt(position);
        if (extent.getKey() + extent.getValue().length < position + count) {
            long start = extent.getKey();
            Map.Entry<Long, byte[]> last = extentAt(position + count - 1);
            long end = last.getKey() + last.getValue().length;
            byte[] merged = new byte[Math.toIntExact(end - start)];
            extents.subMap(start, true, end, false)
                    .forEach((at, bytes) ->
                            System.arraycopy(bytes, 0, merged, (int) (at - start), bytes.length));
            extents.subMap(start, true, end, false).clear();
            extents.put(start, merged);
            extent = Map.entry(start, merged);
        }
        return MemorySegment.ofArray(extent.getValue())
                .asSlice(position - extent.getKey(), count)
                .asReadOnly();
    }
}
