package io.jarnetes.etcd.ctl.etcdutl;

import java.util.Locale;

/** Sizes as dustin/go-humanize writes them: {@code 25 kB}, {@code 1.3 MB}. */
final class Humanize {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final double BASE = 1000;

    private Humanize() {}

    static String bytes(long size) {
        if (size < 10) {
            return size + " B";
        }
        int exponent = (int) Math.floor(Math.log(size) / Math.log(BASE));
        double value = Math.floor(size / Math.pow(BASE, exponent) * 10 + 0.5) / 10;
        return String.format(
                Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, UNITS[exponent]);
    }
}
