/** Status of PodDisruptionBudgets: how many pods may be evicted now. */
@NullMarked
package io.jarnetes.controllermanager.disruption;

import org.jspecify.annotations.NullMarked;
