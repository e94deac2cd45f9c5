package io.jarnetes.apiserver.server.registry.managedfields;

import io.jarnetes.apiserver.schema.GroupVersionKind;
import io.jarnetes.apiserver.schema.Schema;
import io.jarnetes.apiserver.schema.TypeSchema;
import io.jarnetes.apiserver.server.registry.Meta;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Server-side apply (structured-merge-diff's {@code Updater.Apply}): lay the configuration over the
 * object, drop what this manager set before and nobody sets now, refuse what others have set.
 */
public final class ServerSideApply {

    private static final String APPLY = "Apply";
    private static final String BEFORE_FIRST_APPLY = "before-first-apply";

    private final Schema schema;
    private final Merge merge;

    public ServerSideApply(Schema schema) {
        this.schema = schema;
        this.merge = new Merge(schema);
    }

    /**
     * The new object with its managedFields.
     *
     * @param live in the configuration's version; for a create the empty object of that kind
     * @param blank what an object of the kind is before anything is set
     * @param config decoded; what it does not mention is not in it
     * @param manager who applies
     * @param subresource empty for the object itself
     * @param force take fields from others
     * @param now RFC 3339
     * @throws io.jarnetes.apiserver.server.registry.ApiException 409 with the conflicts
     */
    public ObjectNode apply(
            ObjectNode live,
            ObjectNode blank,
            ObjectNode config,
            String manager,
            String subresource,
            boolean force,
            String now) {
        GroupVersionKind kind = GroupVersionKind.of(config);
        TypeSchema type = schema.type(kind).orElse(null);
        TypedConfig.check(schema, type, config, kind.toString());
        ObjectNode before = live.deepCopy();
        withoutManagedFields(before);
        List<ManagedEntry> entries = ManagedEntry.read(live);
        if (entries.isEmpty() && !Meta.uid(live).isEmpty()) {
            entries = unnoted(type, blank, before, kind, now);
        }
        FieldSet set = applied(type, config, subresource);
        ObjectNode after = merge.merge(type, before, config);
        ManagedEntry mine = mine(entries, manager, subresource);
        if (mine != null) {
            FieldSet keep = set;
            for (ManagedEntry each : entries) {
                keep = each == mine ? keep : keep.union(each.fields());
            }
            merge.prune(type, after, mine.fields(), keep);
        }
        Comparison changes = Comparison.of(schema, type, before, after);
        FieldSet taken = changes.added().union(changes.modified());
        FieldSet free = force ? taken : LastApplied.allowed(schema, type, live, manager);
        List<ManagedEntry> others = others(entries, mine, taken, changes.removed(), free);
        // Who changes nothing has no time, unless from before.
        boolean same = taken.isEmpty() && changes.removed().isEmpty();
        String time =
                !same ? ManagedEntry.stamp(subresource, now) : mine == null ? "" : mine.time();
        if (!set.isEmpty()) {
            others.add(new ManagedEntry(manager, APPLY, kind.apiVersion(), time, subresource, set));
        }
        ManagedEntry.write(after, others);
        LastApplied.renew(after, config, manager);
        return after;
    }

    /** Of what nobody noted, the first apply says that it was there before. */
    private List<ManagedEntry> unnoted(
            @Nullable TypeSchema type,
            ObjectNode blank,
            ObjectNode before,
            GroupVersionKind kind,
            String now) {
        Comparison there = Comparison.of(schema, type, blank, before);
        FieldSet set = there.added().union(there.modified()).withoutSystemFields();
        return set.isEmpty()
                ? List.of()
                : List.of(
                        new ManagedEntry(
                                BEFORE_FIRST_APPLY, "Update", kind.apiVersion(), now, "", set));
    }

    private FieldSet applied(@Nullable TypeSchema type, ObjectNode config, String subresource) {
        FieldSet set = AppliedSet.of(schema, type, config).withoutSystemFields();
        if (subresource.isEmpty() && type != null && type.field("status") != null) {
            set.removeTree("f:status");
        } else if (subresource.equals("status")) {
            set.removeTree("f:spec");
        }
        return set;
    }

    private static @Nullable ManagedEntry mine(
            List<ManagedEntry> entries, String manager, String subresource) {
        for (ManagedEntry each : entries) {
            if (each.manager().equals(manager)
                    && each.operation().equals(APPLY)
                    && each.subresource().equals(subresource)) {
                return each;
            }
        }
        return null;
    }

    /**
     * @param free may be taken from others
     */
    private static List<ManagedEntry> others(
            List<ManagedEntry> entries,
            @Nullable ManagedEntry mine,
            FieldSet taken,
            FieldSet removed,
            FieldSet free) {
        List<ManagedEntry> others = new ArrayList<>();
        ApplyConflicts conflicts = new ApplyConflicts();
        for (ManagedEntry each : entries) {
            if (each == mine) {
                continue;
            }
            FieldSet contested = each.fields().and(taken).minus(free);
            if (!contested.isEmpty()) {
                conflicts.add(each, contested);
            }
            FieldSet left = each.fields().minus(taken).minus(removed);
            if (!left.isEmpty()) {
                others.add(each.with(left, each.time()));
            }
        }
        if (!conflicts.isEmpty()) {
            throw conflicts.toException();
        }
        return others;
    }

    private static void withoutManagedFields(ObjectNode object) {
        if (object.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
    }
}
