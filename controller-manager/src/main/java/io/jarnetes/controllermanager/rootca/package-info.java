/** The ConfigMap {@code kube-root-ca.crt} of every namespace, which pods mount. */
@NullMarked
package io.jarnetes.controllermanager.rootca;

import org.jspecify.annotations.NullMarked;
