/** Fills ClusterRoles that have an aggregationRule from the roles that it selects. */
@NullMarked
package io.jarnetes.controllermanager.clusterrole;

import org.jspecify.annotations.NullMarked;
