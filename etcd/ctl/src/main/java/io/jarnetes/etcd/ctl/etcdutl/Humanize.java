package io.jarnetes.etcd.ctl.etcdutl;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Sizes as dustin/go-humanize writes them: {@code 25 kB}, {@code 1.3 MB}. */
final class Humanize {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final double BASE = 1000;

    private Humanize() {}

    static String bytes(long size) {
        if (size < 10) {
            return size + " B";
        }
        int exponent = (int) Math.floor(Math.log((double) size) / Math.log(BASE));
        double value = Math.floor(size / Math.pow(BASE, exponent) * 10 + 0.5) / 10;
        // Rounded to tenths, then as Go prints: halves go to the even neighbour, 92.5 to 92.
        return new BigDecimal(value).setScale(value < 10 ? 1 : 0, RoundingMode.HALF_EVEN)
                + " "
                + UNITS[exponent];
    }
}
