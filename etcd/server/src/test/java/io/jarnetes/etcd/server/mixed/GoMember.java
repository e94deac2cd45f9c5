package io.jarnetes.etcd.server.mixed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Upstream's etcd as a process. */
final class GoMember {
    private GoMember() {}

    static Running start(Upstream upstream, List<String> flags, Path log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(upstream.etcd().toString());
        command.addAll(flags);
        return ProcessMember.start(command, log);
    }
}
