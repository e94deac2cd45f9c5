package io.jarnetes.etcd.server.apply;

import io.jarnetes.etcd.storage.alarm.AlarmStore.AlarmType;

/**
 * What the alarms forbid; apply thread.
 *
 * <p>3.6 obeys every alarm that stands. 3.5 obeys the kind that was raised last, forgets all when
 * either kind is gone, and looks at nobody's permissions while it obeys one that it saw raised: to
 * refuse what it applies, or to apply what it refuses, would part us from its members. What it
 * finds raised at its start, or in a snapshot, it obeys as 3.6 does.
 */
final class AlarmGate {
    private final Stores stores;
    private final ApplyRules rules;
    private boolean noSpace;
    private boolean corrupt;
    private boolean permissionsChecked;

    AlarmGate(Stores stores, ApplyRules rules) {
        this.stores = stores;
        this.rules = rules;
        restored();
    }

    /** Obeys what stands: at the start, and when a snapshot replaced the stores. */
    void restored() {
        noSpace = stands(AlarmType.NOSPACE);
        corrupt = stands(AlarmType.CORRUPT);
        permissionsChecked = true;
    }

    private boolean stands(AlarmType type) {
        return !stores.alarms().get(type).isEmpty();
    }

    /**
     * Obeys an alarm that was just raised.
     *
     * @param before whether one of its kind stood already
     */
    void raised(AlarmType type, boolean before) {
        if (rules != ApplyRules.V3_5) {
            restored();
        } else if (!before) {
            noSpace = type == AlarmType.NOSPACE;
            corrupt = type == AlarmType.CORRUPT;
            permissionsChecked = false;
        }
    }

    /** Notes that an alarm of a kind is gone. */
    void lowered(AlarmType type) {
        if (rules != ApplyRules.V3_5) {
            restored();
        } else if (!stands(type)) {
            noSpace = false;
            corrupt = false;
            permissionsChecked = true;
        }
    }

    /** Whether permissions are looked at. */
    boolean permissionsChecked() {
        return permissionsChecked;
    }

    void requireSpace() {
        if (noSpace) {
            throw ServerError.NO_SPACE.exception();
        }
    }

    void requireSound() {
        if (corrupt) {
            throw ServerError.CORRUPT.exception();
        }
    }
}
