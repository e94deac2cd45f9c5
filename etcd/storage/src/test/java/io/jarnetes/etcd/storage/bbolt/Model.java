package io.jarnetes.etcd.storage.bbolt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** What a bucket must hold: sorted keys to values ({@code byte[]}) or nested models. */
final class Model {
    final TreeMap<byte[], Object> pairs = new TreeMap<>(Arrays::compareUnsigned);
    long sequence;

    Model copy() {
        Model copy = new Model();
        copy.sequence = sequence;
        pairs.forEach((k, v) -> copy.pairs.put(k, v instanceof Model m ? m.copy() : v));
        return copy;
    }

    void check(Bucket bucket) {
        assertThat(bucket.sequence()).isEqualTo(sequence);
        Cursor cursor = bucket.cursor();
        boolean on = cursor.first();
        for (Map.Entry<byte[], Object> pair : pairs.entrySet()) {
            assertThat(on).isTrue();
            assertThat(cursor.keyBytes()).isEqualTo(pair.getKey());
            switch (pair.getValue()) {
                case Model nested -> {
                    assertThat(cursor.isBucket()).isTrue();
                    Bucket child = bucket.bucket(pair.getKey());
                    assertThat(child).isNotNull();
                    nested.check(child);
                }
                case byte[] value -> {
                    assertThat(cursor.isBucket()).isFalse();
                    assertThat(cursor.valueBytes()).isEqualTo(value);
                }
                default -> throw new IllegalStateException();
            }
            on = cursor.next();
        }
        assertThat(on).isFalse();
    }

    /** The same moves on a cursor and on the map. */
    void walk(Bucket bucket, RandomGenerator random, int moves) {
        Cursor cursor = bucket.cursor();
        byte[] at = null;
        for (int i = 0; i < moves; i++) {
            boolean on;
            switch (random.nextInt(6)) {
                case 0 -> {
                    on = cursor.first();
                    at = pairs.isEmpty() ? null : pairs.firstKey();
                }
                case 1 -> {
                    on = cursor.last();
                    at = pairs.isEmpty() ? null : pairs.lastKey();
                }
                case 2 -> {
                    byte[] key = key(random);
                    on = cursor.seek(key);
                    at = pairs.ceilingKey(key);
                    if (on) {
                        assertThat(cursor.compareKey(key)).isGreaterThanOrEqualTo(0);
                    }
                }
                case 3 -> {
                    on = cursor.prev();
                    at = at == null ? null : pairs.lowerKey(at);
                }
                default -> {
                    on = cursor.next();
                    at = at == null ? null : pairs.higherKey(at);
                }
            }
            assertThat(on).isEqualTo(at != null);
            if (at != null) {
                assertThat(cursor.keyBytes()).isEqualTo(at);
            }
        }
    }

    /** One random change, to the bucket and to this. */
    void change(Bucket bucket, RandomGenerator random, int depth, int largestValue) {
        List<byte[]> nested = new ArrayList<>();
        pairs.forEach((k, v) -> {
            if (v instanceof Model) {
                nested.add(k);
            }
        });
        int dice = random.nextInt(100);
        if (!nested.isEmpty() && dice < 35) {
            byte[] name = nested.get(random.nextInt(nested.size()));
            ((Model) pairs.get(name)).change(bucket.bucket(name), random, depth + 1, largestValue);
        } else if (dice < 38 && depth < 3) {
            byte[] name = key(random);
            if (!(pairs.get(name) instanceof byte[])) {
                bucket.createBucketIfNotExists(name);
                pairs.putIfAbsent(name, new Model());
            }
        } else if (dice < 39 && !nested.isEmpty()) {
            byte[] name = nested.get(random.nextInt(nested.size()));
            assertThat(bucket.deleteBucket(name)).isTrue();
            pairs.remove(name);
        } else if (dice < 41) {
            sequence = random.nextLong();
            bucket.setSequence(sequence);
        } else if (dice < 70) {
            delete(bucket, random);
        } else {
            put(bucket, random, largestValue);
        }
    }

    private void put(Bucket bucket, RandomGenerator random, int largestValue) {
        byte[] key = key(random);
        if (pairs.get(key) instanceof Model) {
            return;
        }
        int bound = random.nextInt(20) == 0 ? largestValue : Math.min(largestValue, 200);
        byte[] value = new byte[random.nextInt(bound)];
        random.nextBytes(value);
        bucket.put(key, value);
        pairs.put(key, value);
    }

    private void delete(Bucket bucket, RandomGenerator random) {
        byte[] from = pairs.ceilingKey(key(random));
        // Runs of deletions, so that pages become empty and merge.
        for (int i = random.nextInt(30); i >= 0 && from != null; i--) {
            byte[] next = pairs.higherKey(from);
            if (pairs.get(from) instanceof byte[]) {
                assertThat(bucket.delete(from)).isTrue();
                pairs.remove(from);
            }
            from = next;
        }
    }

    static byte[] key(RandomGenerator random) {
        int bound = random.nextInt(50) == 0 ? 600 : 12;
        byte[] key = new byte[1 + random.nextInt(bound)];
        random.nextBytes(key);
        // Few first bytes, so that keys share beginnings.
        key[0] = (byte) (key[0] & 0x83);
        return key;
    }
}
