package io.jarnetes.etcd.client;

/**
 * Who answered.
 *
 * @param clusterId unsigned
 * @param memberId unsigned
 * @param revision the store's revision when the answer was made; 0 in some cluster answers
 * @param raftTerm the member's term
 */
public record Header(long clusterId, long memberId, long revision, long raftTerm) {}
