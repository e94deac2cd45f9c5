package io.jarnetes.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class HeapKeeperTest {

    private static final long MIB = 1 << 20;

    private final AtomicLong used = new AtomicLong();
    private final AtomicLong live = new AtomicLong();
    private int collections;
    private final HeapKeeper keeper = new HeapKeeper(used::get, live::get, () -> collections++);

    private int lookAt(long usedMib, long liveMib) {
        used.set(usedMib * MIB);
        live.set(liveMib * MIB);
        collections = 0;
        keeper.look();
        return collections;
    }

    @Test
    void aSmallHeapGrowsALittle() {
        assertThat(lookAt(32, 0)).isZero();
        assertThat(lookAt(33, 0)).isOne();
        assertThat(lookAt(42, 10)).isZero();
        assertThat(lookAt(43, 10)).isOne();
    }

    @Test
    void aLargerOneDoubles() {
        assertThat(lookAt(200, 100)).isZero();
        assertThat(lookAt(201, 100)).isOne();
    }

    /** Its pause would be longer than a follower waits for its leader. */
    @Test
    void aLargeOneIsLeftToTheCollector() {
        assertThat(lookAt(400, 192)).isOne();
        assertThat(lookAt(4000, 193)).isZero();
    }
}
