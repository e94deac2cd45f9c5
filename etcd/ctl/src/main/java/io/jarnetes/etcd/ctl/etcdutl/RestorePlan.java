package io.jarnetes.etcd.ctl.etcdutl;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a restore is to make.
 *
 * @param snapshot the file to restore from
 * @param name of the member that the directory is for
 * @param peerUrls of that member
 * @param cluster the peer URLs of all members, by name
 * @param token tells the cluster from others
 * @param skipHashCheck whether a file without its checksum, or with a wrong one, will do
 * @param revisionBump by how much to raise the last revision, which is then compacted; 0 for not
 */
record RestorePlan(
        Path snapshot,
        String name,
        Path dataDir,
        Path walDir,
        boolean ownWalDir,
        List<String> peerUrls,
        Map<String, List<String>> cluster,
        String token,
        boolean skipHashCheck,
        long revisionBump) {
    Path snapDir() {
        return dataDir.resolve("member").resolve("snap");
    }

    Path database() {
        return snapDir().resolve("db");
    }
}
