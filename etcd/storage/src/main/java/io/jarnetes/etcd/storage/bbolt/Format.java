package io.jarnetes.etcd.storage.bbolt;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.ValueLayout;

/**
 * Numbers of the file format, version 2. All are little-endian, as upstream writes them on every
 * machine that etcd supports.
 *
 * <pre>
 * page header    id u64, flags u16, count u16, overflow u32 (pages that follow and belong to it)
 * branch element position u32 (from this element), key size u32, child page u64
 * leaf element   flags u32, position u32, key size u32, value size u32
 * bucket value   root page u64 (0: the page follows inline), sequence u64
 * meta           magic u32, version u32, page size u32, flags u32, root page u64, sequence u64,
 *                freelist page u64, high-water page u64, transaction u64, FNV-1a-64 u64
 * freelist       page ids u64, sorted; a count of 0xFFFF means that the first u64 is the count
 * </pre>
 */
final class Format {
    static final int MAGIC = 0xED0CDAED;
    static final int VERSION = 2;

    static final int PAGE_HEADER_BYTES = 16;
    static final int ELEMENT_BYTES = 16;
    static final int BUCKET_HEADER_BYTES = 16;
    static final int META_BYTES = 64;
    static final int FLAGS_AT = 8;
    static final int COUNT_AT = 10;
    static final int OVERFLOW_AT = 12;

    static final int BRANCH = 0x01;
    static final int LEAF = 0x02;
    static final int META = 0x04;
    static final int FREELIST = 0x10;

    /** Flag of a leaf element whose value is a nested bucket. */
    static final int BUCKET_ELEMENT = 0x01;

    /** The freelist page of a file that has no list. */
    static final long NO_FREELIST = -1L;

    /** A count that is too big for its two bytes. */
    static final int COUNT_IN_BODY = 0xFFFF;

    /** The first page after the two meta pages. */
    static final long FIRST_PAGE = 2;

    static final int LARGEST_KEY_BYTES = 32_768;
    static final int LARGEST_VALUE_BYTES = Integer.MAX_VALUE - 1;

    /** Deeper than any tree of pages with two keys each can be in a file of 2^48 bytes. */
    static final int DEEPEST_TREE = 64;

    static final ValueLayout.OfShort U16 = JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    static final ValueLayout.OfInt U32 = JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);
    static final ValueLayout.OfLong U64 = JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN);

    private Format() {}
}
