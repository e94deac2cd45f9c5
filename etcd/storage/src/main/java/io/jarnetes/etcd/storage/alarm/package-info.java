/**
 * Replicated alarms in the bucket {@code alarm}: {@link io.jarnetes.etcd.storage.alarm.AlarmStore}.
 * Threads: the apply thread changes, any reads.
 */
@NullMarked
package io.jarnetes.etcd.storage.alarm;

import org.jspecify.annotations.NullMarked;
