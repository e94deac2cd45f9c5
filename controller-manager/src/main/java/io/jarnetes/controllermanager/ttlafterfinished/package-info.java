/** Deletes finished Jobs when spec.ttlSecondsAfterFinished is over. */
@NullMarked
package io.jarnetes.controllermanager.ttlafterfinished;

import org.jspecify.annotations.NullMarked;
