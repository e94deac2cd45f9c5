/**
 * CertificateSigningRequests: approves those of kubelets, signs approved ones with the cluster's
 * CA, and drops old ones.
 */
@NullMarked
package io.jarnetes.controllermanager.certificates;

import org.jspecify.annotations.NullMarked;
