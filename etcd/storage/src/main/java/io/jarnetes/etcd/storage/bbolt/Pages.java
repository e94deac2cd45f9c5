package io.jarnetes.etcd.storage.bbolt;

import io.jarnetes.etcd.storage.disk.CorruptFileException;
import io.jarnetes.etcd.storage.disk.DiskFile;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The pages of a file, mapped for reading in chunks that stay where they are until the file is
 * closed. Only what exists is mapped: the last chunk is mapped again when the file has grown, and
 * its shorter mapping stays for those who still read it.
 *
 * <p>Threads: any may read; only the writer grows.
 */
final class Pages {
    private static final long FREELIST_SPARE_PAGES = 64;

    private final DiskFile file;
    private final int pageSize;
    private final long chunkBytes;
    private volatile MemorySegment[] chunks = {};
    private volatile long mappedBytes;

    Pages(DiskFile file, int pageSize, long chunkBytes) {
        this.file = file;
        this.pageSize = pageSize;
        this.chunkBytes = chunkBytes;
        mapAll(file.size());
    }

    int pageSize() {
        return pageSize;
    }

    /** The size of the file, all of which is mapped. */
    long fileBytes() {
        return mappedBytes;
    }

    /** Makes the file longer and maps what was added. The caller syncs. */
    void grow(long bytes) {
        file.truncate(bytes);
        mapAll(bytes);
    }

    private void mapAll(long bytes) {
        int needed = Math.toIntExact((bytes + chunkBytes - 1) / chunkBytes);
        int kept = chunks.length;
        if (kept > 0 && chunks[kept - 1].byteSize() < chunkBytes) {
            kept--;
        }
        MemorySegment[] next = Arrays.copyOf(chunks, Math.max(needed, kept));
        for (int i = kept; i < needed; i++) {
            long from = i * chunkBytes;
            next[i] = file.map(from, Math.min(chunkBytes, bytes - from));
        }
        chunks = next;
        mappedBytes = bytes;
    }

    /**
     * A tree page of a version whose pages all lie below {@code highWater}.
     *
     * @throws CorruptFileException when there is none at this place
     */
    Page treePage(long id, long highWater) {
        return page(id, highWater).requireTreePage();
    }

    /** A page of any kind, with its overflow, checked against its header. */
    Page page(long id, long highWater) {
        long offset = id * pageSize;
        if (id < Format.FIRST_PAGE || id >= highWater) {
            throw corrupt(Math.max(0, offset), "page " + id + " is not below " + highWater);
        }
        MemorySegment header = bytes(offset, pageSize);
        long overflow = Integer.toUnsignedLong(header.get(Format.U32, Format.OVERFLOW_AT));
        if (header.get(Format.U64, 0) != id) {
            throw corrupt(
                    offset,
                    "page "
                            + id
                            + " says that it is page "
                            + Long.toUnsignedString(header.get(Format.U64, 0)));
        }
        if (overflow >= highWater - id) {
            throw corrupt(offset, "page " + id + " overflows by " + overflow + " pages");
        }
        if (overflow == 0) {
            return new Page(file.path(), offset, header);
        }
        long size = (overflow + 1) * pageSize;
        if (crossesChunk(offset, size)) {
            requireNeeded(id, header, overflow);
        }
        return new Page(file.path(), offset, bytes(offset, size));
    }

    private boolean crossesChunk(long offset, long size) {
        return offset / chunkBytes != (offset + size - 1) / chunkBytes;
    }

    /**
     * Looks whether a page's contents need its overflow before it is copied: a damaged number must
     * not take memory for the rest of the file.
     */
    private void requireNeeded(long id, MemorySegment header, long overflow) {
        long offset = id * pageSize;
        int flags = Short.toUnsignedInt(header.get(Format.U16, Format.FLAGS_AT));
        long count = Short.toUnsignedInt(header.get(Format.U16, Format.COUNT_AT));
        long needed;
        if (flags == Format.FREELIST) {
            if (count == Format.COUNT_IN_BODY) {
                count = header.get(Format.U64, Format.PAGE_HEADER_BYTES);
            }
            // Upstream sets some more aside, for what it frees meanwhile.
            needed = (count / (pageSize / Long.BYTES) + FREELIST_SPARE_PAGES) * pageSize;
        } else {
            long element = Format.PAGE_HEADER_BYTES + (count - 1) * Format.ELEMENT_BYTES;
            MemorySegment last = bytes(offset + Math.max(0, element), Format.ELEMENT_BYTES);
            boolean leaf = flags == Format.LEAF;
            needed =
                    element
                            + number(last, leaf ? 4 : 0)
                            + number(last, leaf ? 8 : 4)
                            + (leaf ? number(last, 12) : 0);
        }
        if (needed < overflow * pageSize || overflow >= Integer.MAX_VALUE / pageSize) {
            throw corrupt(
                    offset,
                    "page "
                            + id
                            + " overflows by "
                            + overflow
                            + " pages, its "
                            + count
                            + " elements need "
                            + needed
                            + " bytes");
        }
    }

    private static long number(MemorySegment element, long at) {
        return Integer.toUnsignedLong(element.get(Format.U32, at));
    }

    /** Bytes of the file; copied only when they lie in more than one chunk. */
    MemorySegment bytes(long offset, long size) {
        if (offset + size > mappedBytes) {
            throw corrupt(mappedBytes, "the file ends before byte " + (offset + size));
        }
        MemorySegment[] now = chunks;
        int first = (int) (offset / chunkBytes);
        long within = offset - first * chunkBytes;
        if (within + size <= chunkBytes) {
            return now[first].asSlice(within, size);
        }
        MemorySegment whole = MemorySegment.ofArray(new byte[Math.toIntExact(size)]);
        long done = 0;
        for (int i = first; done < size; i++) {
            long part = Math.min(chunkBytes - within, size - done);
            MemorySegment.copy(now[i], within, whole, done, part);
            done += part;
            within = 0;
        }
        return whole;
    }

    private CorruptFileException corrupt(long offset, String found) {
        return new CorruptFileException(file.path(), offset, found, Page.ADVICE);
    }
}
