/** Ready condition and finalizer of ServiceCIDRs. */
@NullMarked
package io.jarnetes.controllermanager.servicecidr;

import org.jspecify.annotations.NullMarked;
