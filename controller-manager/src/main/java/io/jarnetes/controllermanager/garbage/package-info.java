/**
 * Deletes objects whose owners are gone, and carries out deletions in the foreground and with
 * orphans. {@link io.jarnetes.controllermanager.garbage.GarbageCollector} watches every resource
 * that can be deleted, custom ones included; {@link io.jarnetes.controllermanager.garbage.Graph}
 * knows who owns whom and decides, without I/O, what is to be looked at.
 *
 * <p>Invariant: nothing is deleted on the graph's word alone; owners and the object itself are
 * asked from the server first, and the deletion names the UID.
 */
@NullMarked
package io.jarnetes.controllermanager.garbage;

import org.jspecify.annotations.NullMarked;
