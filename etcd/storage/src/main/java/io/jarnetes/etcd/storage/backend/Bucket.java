package io.jarnetes.etcd.storage.backend;

import java.nio.charset.StandardCharsets;

/** The top-level buckets of etcd's {@code member/snap/db}, with their names on disk. */
public enum Bucket {
    KEY("key"),
    META("meta"),
    LEASE("lease"),
    ALARM("alarm"),
    CLUSTER("cluster"),
    MEMBERS("members"),
    MEMBERS_REMOVED("members_removed"),
    AUTH("auth"),
    AUTH_USERS("authUsers"),
    AUTH_ROLES("authRoles");

    private final String diskName;

    Bucket(String diskName) {
        this.diskName = diskName;
    }

    /** The bucket's name in the file. */
    public String diskName() {
        return diskName;
    }

    /** The bucket's name in the file, as bytes; a fresh array. */
    public byte[] diskNameBytes() {
        return diskName.getBytes(StandardCharsets.US_ASCII);
    }
}
