package io.jarnetes.etcd.storage.bbolt;

import io.jarnetes.etcd.storage.disk.CorruptFileException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** A page as it is in the file, with the pages that overflow from it. Never changed. */
final class Page implements TreePart {
    static final String ADVICE =
            "stop the member, keep a copy of the file, and restore from a snapshot or let the member"
                    + " rejoin its cluster";

    private final Path file;
    private final long offset;
    private final MemorySegment bytes;
    private final int flags;
    private final int count;

    /**
     * @param offset where the page is in the file, for messages
     * @param bytes the page from its header to its end
     */
    Page(Path file, long offset, MemorySegment bytes) {
        this.file = file;
        this.offset = offset;
        this.bytes = bytes;
        this.flags = Short.toUnsignedInt(bytes.get(Format.U16, Format.FLAGS_AT));
        this.count = Short.toUnsignedInt(bytes.get(Format.U16, Format.COUNT_AT));
    }

    /** Checks what every access relies on: a tree page whose elements lie in it. */
    Page requireTreePage() {
        if (flags != Format.LEAF && flags != Format.BRANCH) {
            throw corrupt(0, "a branch or leaf page was expected, its flags are " + flags);
        }
        long least = Format.PAGE_HEADER_BYTES + (long) count * Format.ELEMENT_BYTES;
        if (least > bytes.byteSize()) {
            throw corrupt(0, "a page of " + bytes.byteSize() + " bytes claims " + count + " keys");
        }
        if (count == 0 && flags == Format.BRANCH) {
            throw corrupt(0, "a branch page without children");
        }
        return this;
    }

    long id() {
        return bytes.get(Format.U64, 0);
    }

    int pages() {
        return bytes.get(Format.U32, Format.OVERFLOW_AT) + 1;
    }

    MemorySegment bytes() {
        return bytes;
    }

    @Override
    public boolean leaf() {
        return flags == Format.LEAF;
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public int compare(int i, byte[] key) {
        int size = keySize(i);
        return Keys.compare(bytes, keyAt(i, size), size, key);
    }

    @Override
    public MemorySegment key(int i) {
        int size = keySize(i);
        return bytes.asSlice(keyAt(i, size), size);
    }

    byte[] keyBytes(int i) {
        int size = keySize(i);
        long at = keyAt(i, size);
        byte[] copy = new byte[size];
        MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, copy, 0, size);
        return copy;
    }

    @Override
    public MemorySegment value(int i) {
        return bytes.asSlice(valueAt(i), valueSize(i));
    }

    int valueSize(int i) {
        return bytes.get(Format.U32, element(i) + 12);
    }

    /** Where the value of leaf element {@code i} begins in {@link #bytes()}. */
    long valueAt(int i) {
        int keySize = keySize(i);
        int size = valueSize(i);
        long at = keyAt(i, keySize) + keySize;
        if (size < 0 || at + size > bytes.byteSize()) {
            throw corrupt(element(i), "the value of element " + i + " goes beyond its page");
        }
        return at;
    }

    @Override
    public boolean isBucket(int i) {
        return flags == Format.LEAF
                && (bytes.get(Format.U32, element(i)) & Format.BUCKET_ELEMENT) != 0;
    }

    long childId(int i) {
        return bytes.get(Format.U64, element(i) + 8);
    }

    @Override
    public TreePart child(int i, Tx tx) {
        return tx.page(childId(i));
    }

    /** The page inside the value of nested bucket {@code i}. */
    Page inlinePage(int i) {
        long at = valueAt(i);
        return inline(file, offset + at, value(i));
    }

    /** The page that follows the header in a bucket's value. */
    static Page inline(Path file, long offset, MemorySegment value) {
        long least = Format.BUCKET_HEADER_BYTES + Format.PAGE_HEADER_BYTES;
        if (value.byteSize() < least) {
            throw new CorruptFileException(
                    file,
                    offset,
                    "an inline bucket of " + value.byteSize() + " bytes, the least is " + least,
                    ADVICE);
        }
        Page page =
                new Page(
                        file,
                        offset + Format.BUCKET_HEADER_BYTES,
                        value.asSlice(Format.BUCKET_HEADER_BYTES));
        if (page.flags != Format.LEAF) {
            throw page.corrupt(0, "an inline bucket that is no leaf, flags " + page.flags);
        }
        return page.requireTreePage();
    }

    Path file() {
        return file;
    }

    long offset() {
        return offset;
    }

    private long element(int i) {
        return Format.PAGE_HEADER_BYTES + (long) i * Format.ELEMENT_BYTES;
    }

    private int keySize(int i) {
        return bytes.get(Format.U32, element(i) + (flags == Format.LEAF ? 8 : 4));
    }

    private long keyAt(int i, int size) {
        long element = element(i);
        int position = bytes.get(Format.U32, element + (flags == Format.LEAF ? 4 : 0));
        long at = element + Integer.toUnsignedLong(position);
        if (size < 0 || at + size > bytes.byteSize()) {
            throw corrupt(element, "key " + i + " goes beyond its page");
        }
        return at;
    }

    CorruptFileException corrupt(long within, String found) {
        return new CorruptFileException(file, offset + within, found, ADVICE);
    }
}
