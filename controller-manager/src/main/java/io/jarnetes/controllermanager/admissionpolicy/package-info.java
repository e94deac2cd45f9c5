/** Status of ValidatingAdmissionPolicies. */
@NullMarked
package io.jarnetes.controllermanager.admissionpolicy;

import org.jspecify.annotations.NullMarked;
