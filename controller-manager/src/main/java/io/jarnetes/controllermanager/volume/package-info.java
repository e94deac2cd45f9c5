/**
 * Binds PersistentVolumeClaims to volumes that are there. {@link
 * io.jarnetes.controllermanager.volume.Matching} chooses without I/O. Volumes are never made or
 * wiped here: that is left to provisioners outside, as upstream leaves it to CSI. The claims of
 * ephemeral volumes are made here.
 */
@NullMarked
package io.jarnetes.controllermanager.volume;

import org.jspecify.annotations.NullMarked;
