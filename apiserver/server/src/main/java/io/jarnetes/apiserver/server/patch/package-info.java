/**
 * What PATCH does to a tree: {@link io.jarnetes.apiserver.server.patch.JsonPatch}, {@link
 * io.jarnetes.apiserver.server.patch.MergePatch} and {@link
 * io.jarnetes.apiserver.server.patch.StrategicMergePatch}.
 *
 * <p>Invariants: pure; neither the original nor the patch is changed. The outcome is raw: it must
 * go through the codec, which checks it against its type.
 *
 * <p>Threads: safe for all.
 */
@NullMarked
package io.jarnetes.apiserver.server.patch;

import org.jspecify.annotations.NullMarked;
