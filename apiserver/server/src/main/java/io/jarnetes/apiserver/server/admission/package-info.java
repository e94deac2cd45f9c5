/**
 * What may be written, and what is filled in. {@link
 * io.jarnetes.apiserver.server.admission.AdmissionChain} runs the plugins: all of them mutate,
 * then, after validation, all of them validate.
 *
 * <p>Invariants: plugins read through {@link io.jarnetes.apiserver.server.admission.Listers} and
 * never call the registry; they change nothing but the object in hand.
 *
 * <p>Threads: called from many threads at once.
 */
@NullMarked
package io.jarnetes.apiserver.server.admission;

import org.jspecify.annotations.NullMarked;
