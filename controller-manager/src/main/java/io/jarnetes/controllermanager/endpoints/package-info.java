/**
 * The pods behind Services: EndpointSlices, and Endpoints for old clients. {@link
 * io.jarnetes.controllermanager.endpoints.Backends} finds them, and {@link
 * io.jarnetes.controllermanager.endpoints.Slices} and {@link
 * io.jarnetes.controllermanager.endpoints.Subsets} write them down, all without I/O. What somebody
 * writes as Endpoints by hand, {@link io.jarnetes.controllermanager.endpoints.Mirror} says in
 * EndpointSlices.
 */
@NullMarked
package io.jarnetes.controllermanager.endpoints;

import org.jspecify.annotations.NullMarked;
