package io.jarnetes.etcd.storage.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/**
 * Merged permissions against the plain question, key by key. Between two keys that any range begins
 * or ends at, all keys are alike: so a range is covered when the first key of each such stretch is.
 */
final class MergedRangesTest {
    private static final byte[] OPEN = {0};

    private static byte[] key(Random random) {
        byte[] key = new byte[1 + random.nextInt(3)];
        for (int i = 0; i < key.length; i++) {
            // Few letters, so that ranges touch and overlap; the lowest and the highest byte, too.
            key[i] = (byte) new int[] {0, 1, 'a', 'b', 0xff}[random.nextInt(5)];
        }
        return key;
    }

    private static Permission permission(Random random) {
        byte[] end =
                switch (random.nextInt(6)) {
                    case 0 -> OPEN;
                    case 1, 2 -> new byte[0];
                    default -> key(random);
                };
        return new Permission(Permission.Type.READ, key(random), end);
    }

    private static boolean holds(byte[] from, byte[] rangeEnd, byte[] key) {
        if (rangeEnd.length == 0) {
            return Arrays.equals(from, key);
        }
        return Arrays.compareUnsigned(from, key) <= 0
                && (Arrays.equals(rangeEnd, OPEN) || Arrays.compareUnsigned(key, rangeEnd) < 0);
    }

    private static boolean allowed(List<Permission> permissions, byte[] key) {
        return permissions.stream().anyMatch(p -> holds(p.key(), p.rangeEnd(), key));
    }

    /** The first keys of all stretches, with one far above all that a range ends at. */
    private static TreeSet<byte[]> stretches(List<Permission> permissions, Permission asked) {
        TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
        List<Permission> all = new ArrayList<>(permissions);
        all.add(asked);
        for (Permission p : all) {
            keys.add(p.key());
            if (p.rangeEnd().length == 0) {
                keys.add(Arrays.copyOf(p.key(), p.key().length + 1));
            } else {
                keys.add(p.rangeEnd());
            }
        }
        byte[] last = new byte[8];
        Arrays.fill(last, (byte) 0xff);
        keys.add(last);
        return keys;
    }

    private static boolean covered(List<Permission> permissions, Permission asked) {
        return stretches(permissions, asked).stream()
                .filter(key -> holds(asked.key(), asked.rangeEnd(), key))
                .allMatch(key -> allowed(permissions, key));
    }

    @RepeatedTest(60)
    void aRangeIsAllowedWhenEachOfItsKeysIs(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Permission> permissions = new ArrayList<>();
        int count = random.nextInt(8);
        while (permissions.size() < count) {
            Permission permission = permission(random);
            if (Permissions.valid(permission)) {
                permissions.add(permission);
            }
        }
        MergedRanges merged = new MergedRanges(permissions);
        int allowed = 0;
        for (int i = 0; i < 500; i++) {
            Permission asked = permission(random);
            if (!Permissions.valid(asked)) {
                continue;
            }
            boolean expected = covered(permissions, asked);
            allowed += expected ? 1 : 0;
            assertThat(merged.contains(asked.key(), asked.rangeEnd()))
                    .as(
                            "seed %d: %s to %s of %s",
                            repetition.getCurrentRepetition(),
                            HexFormat.of().formatHex(asked.key()),
                            HexFormat.of().formatHex(asked.rangeEnd()),
                            permissions.stream().map(MergedRangesTest::text).toList())
                    .isEqualTo(expected);
        }
        assertThat(permissions.isEmpty() || allowed > 0).isTrue();
    }

    private static String text(Permission permission) {
        HexFormat hex = HexFormat.of();
        return hex.formatHex(permission.key()) + "-" + hex.formatHex(permission.rangeEnd());
    }
}
