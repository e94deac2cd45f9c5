/** Deletes pods that nobody else will: of nodes that are gone, and too many finished ones. */
@NullMarked
package io.jarnetes.controllermanager.podgc;

import org.jspecify.annotations.NullMarked;
