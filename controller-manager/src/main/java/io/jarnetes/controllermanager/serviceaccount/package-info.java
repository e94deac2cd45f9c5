/**
 * The ServiceAccount {@code default} of every namespace, without which no pod can be made, and the
 * tokens of token Secrets.
 */
@NullMarked
package io.jarnetes.controllermanager.serviceaccount;

import org.jspecify.annotations.NullMarked;
