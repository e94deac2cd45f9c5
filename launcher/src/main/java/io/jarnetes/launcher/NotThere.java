package io.jarnetes.launcher;

import io.jarnetes.base.Invocation;
import io.jarnetes.base.Program;

/** A program of upstream's that this jar is to be one day. */
record NotThere(String name) implements Program {

    @Override
    public int run(Invocation invocation) {
        throw new UserException(
                name
                        + " is not there yet in this version of Jarnetes; upstream's own works against"
                        + " its members and directories");
    }
}
