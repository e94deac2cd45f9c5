package io.jarnetes.etcd.storage.bbolt;

import java.lang.foreign.MemorySegment;

/**
 * A meta page: the root of one version of the file.
 *
 * @param root page of the root bucket
 * @param sequence number kept with the root bucket
 * @param freelist page of the freelist, or {@link Format#NO_FREELIST}
 * @param highWater the first page that was never used
 * @param txid the transaction that wrote it; the two meta pages take turns by its lowest bit
 */
record Meta(int pageSize, long root, long sequence, long freelist, long highWater, long txid) {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final int CHECKSUM_AT = 56;

    /** Writes a whole meta page at the beginning of {@code target}, which is zero. */
    void write(MemorySegment target, long pageId) {
        target.set(Format.U64, 0, pageId);
        target.set(Format.U16, Format.FLAGS_AT, (short) Format.META);
        MemorySegment body = target.asSlice(Format.PAGE_HEADER_BYTES, Format.META_BYTES);
        body.set(Format.U32, 0, Format.MAGIC);
        body.set(Format.U32, 4, Format.VERSION);
        body.set(Format.U32, 8, pageSize);
        body.set(Format.U64, 16, root);
        body.set(Format.U64, 24, sequence);
        body.set(Format.U64, 32, freelist);
        body.set(Format.U64, 40, highWater);
        body.set(Format.U64, 48, txid);
        body.set(Format.U64, CHECKSUM_AT, checksum(body));
    }

    /**
     * Reads a meta page.
     *
     * @return the meta, or the reason why this is none
     */
    static Result read(MemorySegment page) {
        if (page.byteSize() < Format.PAGE_HEADER_BYTES + Format.META_BYTES) {
            return new Bad("the file ends before its meta page does");
        }
        MemorySegment body = page.asSlice(Format.PAGE_HEADER_BYTES, Format.META_BYTES);
        int magic = body.get(Format.U32, 0);
        if (magic != Format.MAGIC) {
            return new Bad("magic is %08x, not %08x".formatted(magic, Format.MAGIC));
        }
        int version = body.get(Format.U32, 4);
        if (version != Format.VERSION) {
            return new Bad("format version is " + version + ", not " + Format.VERSION);
        }
        long stored = body.get(Format.U64, CHECKSUM_AT);
        long computed = checksum(body);
        if (stored != computed) {
            return new Bad(
                    "checksum is %016x, its contents give %016x".formatted(stored, computed));
        }
        return new Good(
                new Meta(
                        body.get(Format.U32, 8),
                        body.get(Format.U64, 16),
                        body.get(Format.U64, 24),
                        body.get(Format.U64, 32),
                        body.get(Format.U64, 40),
                        body.get(Format.U64, 48)));
    }

    private static long checksum(MemorySegment body) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < CHECKSUM_AT; i++) {
            hash =
                    (hash
                                    ^ Byte.toUnsignedLong(
                                            body.get(java.lang.foreign.ValueLayout.JAVA_BYTE, i)))
                            * FNV_PRIME;
        }
        return hash;
    }

    /** What reading a meta page gave. */
    sealed interface Result {}

    record Good(Meta meta) implements Result {}

    record Bad(String reason) implements Result {}
}
