package io.jarnetes.etcd.server;

/** Ids and versions as upstream writes them. */
final class Ids {
    private Ids() {}

    /** Unpadded hexadecimal. */
    static String hex(long id) {
        return Long.toHexString(id);
    }

    /** The second number of "3.6.14"; -1 if there is none. */
    static int minor(String version) {
        String[] parts = version.split("\\.", -1);
        try {
            return parts.length < 2 ? -1 : Integer.parseInt(parts[1]);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
