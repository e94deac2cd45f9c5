package io.jarnetes.etcd.client;

/**
 * A key at a revision. The arrays are the holder's to read, not to change.
 *
 * @param version how many times it was written since it was created; 0 stands for deleted
 * @param lease the attached lease, 0 for none
 */
public record KeyValue(
        byte[] key,
        byte[] value,
        long createRevision,
        long modRevision,
        long version,
        long lease) {}
