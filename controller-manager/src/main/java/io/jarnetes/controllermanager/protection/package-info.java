/** Finalizers that keep volumes, claims and volume classes while somebody uses them. */
@NullMarked
package io.jarnetes.controllermanager.protection;

import org.jspecify.annotations.NullMarked;
