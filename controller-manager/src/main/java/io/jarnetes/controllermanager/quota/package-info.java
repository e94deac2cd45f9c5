/**
 * Counts again what ResourceQuotas limit. Admission counts up when objects are made; this
 * controller counts anew when some go, and now and then. {@link
 * io.jarnetes.controllermanager.quota.Usage} is the arithmetic.
 */
@NullMarked
package io.jarnetes.controllermanager.quota;

import org.jspecify.annotations.NullMarked;
