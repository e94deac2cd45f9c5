/**
 * Pods with names and volumes that stay. {@link
 * io.jarnetes.controllermanager.statefulset.StatefulPlan} decides without I/O what comes next.
 */
@NullMarked
package io.jarnetes.controllermanager.statefulset;

import org.jspecify.annotations.NullMarked;
