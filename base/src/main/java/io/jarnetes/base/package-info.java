/**
 * What every program here needs once. {@link io.jarnetes.base.Program} is how the launcher calls
 * one; the rooms below hold logs, flags, TLS, metrics and health.
 *
 * <p>Imports no room of ours. No threads of its own but the {@link io.jarnetes.base.HeapKeeper} of
 * a process, no static mutable state: two instances of any program live in one JVM.
 */
@NullMarked
package io.jarnetes.base;

import org.jspecify.annotations.NullMarked;
