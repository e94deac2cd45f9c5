package io.jarnetes.etcd.server.peer;

import io.jarnetes.etcd.raft.Message;
import java.io.InputStream;

/**
 * A snapshot on its way to a follower.
 *
 * @param message the MsgSnap; its data is the membership, small
 * @param database the bbolt bytes; read on the transport's executor and closed by the transport
 * @param databaseBytes how many there are
 */
public record SnapshotMessage(Message message, InputStream database, long databaseBytes) {}
