/**
 * Runs Jobs to completion, and makes Jobs by schedule. {@link
 * io.jarnetes.controllermanager.job.JobPlan} decides what a Job needs without I/O; {@link
 * io.jarnetes.controllermanager.job.CronSchedule} knows when one is due.
 *
 * <p>Finished pods are counted exactly once: first their UID goes to
 * status.uncountedTerminatedPods, then their finalizer goes, then the UID turns into a count.
 */
@NullMarked
package io.jarnetes.controllermanager.job;

import org.jspecify.annotations.NullMarked;
