/**
 * The one jar: {@link io.jarnetes.launcher.Launcher} calls a program by its name, {@link
 * io.jarnetes.launcher.ControlPlane} runs all of them in one process, which is what {@code up}
 * does.
 *
 * <p>Invariants: a component is started by the very command line that {@code --print-commands}
 * prints for it; nothing is written before ports, lock and directory were found right.
 *
 * <p>Threads: one a component, named after it, which runs its {@link io.jarnetes.base.Program}.
 */
@NullMarked
package io.jarnetes.launcher;

import org.jspecify.annotations.NullMarked;
