package io.jarnetes.etcd.ctl.etcdutl;

import java.util.List;
import java.util.Locale;

/** A table of one row as olekukonko/tablewriter draws it: titles in the middle, values right. */
final class Table {
    private Table() {}

    static String of(List<String> header, List<String> row) {
        StringBuilder rule = new StringBuilder("+");
        StringBuilder titles = new StringBuilder("|");
        StringBuilder values = new StringBuilder("|");
        for (int i = 0; i < header.size(); i++) {
            String title = header.get(i).toUpperCase(Locale.ROOT);
            String value = row.get(i);
            int width = Math.max(title.length(), value.length());
            int left = (width - title.length()) / 2;
            rule.repeat('-', width + 2).append('+');
            titles.append(' ')
                    .repeat(' ', left)
                    .append(title)
                    .repeat(' ', width - title.length() - left)
                    .append(" |");
            values.append(' ').repeat(' ', width - value.length()).append(value).append(" |");
        }
        return rule + "\n" + titles + "\n" + rule + "\n" + values + "\n" + rule + "\n";
    }
}
