package io.jarnetes.bench;

import java.util.List;

/**
 * A program that is an etcd by its flags.
 *
 * @param name as tables call it
 * @param command the words before the flags
 */
record Make(String name, List<String> command) {
    Make {
        command = List.copyOf(command);
    }
}
