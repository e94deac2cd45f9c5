/**
 * What plugins see and answer: pods and nodes as the scheduler counts them, filters that say why a
 * node does not fit, scores from 0 to 100. Everything here is immutable or pure.
 */
@NullMarked
package io.jarnetes.scheduler.framework;

import org.jspecify.annotations.NullMarked;
