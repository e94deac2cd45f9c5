package io.jarnetes.etcd.server.http;

import io.jarnetes.etcd.server.EtcdMember;
import io.jarnetes.etcd.server.RaftStatus;
import java.lang.management.ManagementFactory;

/** {@code /debug/vars}: the raft status under upstream's names, and how much memory is used. */
final class DebugVars {
    private DebugVars() {}

    static HttpAnswer answer(EtcdMember member) {
        RaftStatus raft = member.raft();
        var heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        String json =
                """
                {
                "cmdline": ["etcd"],
                "file_descriptor_limit": 0,
                "memstats": {"HeapAlloc":%d,"HeapSys":%d},
                "raft.status": {"id":"%s","term":%d,"vote":"0","commit":%d,"lead":"%s",\
                "raftState":"%s","applied":%d,"progress":{},"leadtransferee":"0"}
                }
                """
                        .formatted(
                                heap.getUsed(),
                                heap.getCommitted(),
                                Long.toHexString(member.memberId()),
                                raft.term(),
                                raft.committed(),
                                Long.toHexString(raft.lead()),
                                raft.role(),
                                member.applied());
        return HttpAnswer.of(200, "application/json; charset=utf-8", json);
    }
}
