/** The tokens of Secrets of type kubernetes.io/service-account-token. */
@NullMarked
package io.jarnetes.controllermanager.token;

import org.jspecify.annotations.NullMarked;
