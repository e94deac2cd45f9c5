package io.jarnetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeAddressesTest {

    @Test
    void addressesAreStableAndUsedAgainLate() {
        NodeAddresses addresses = new NodeAddresses(3);
        assertThat(addresses.podCidr()).isEqualTo("10.200.3.0/24");
        String first = addresses.assign("a");
        assertThat(first).isEqualTo("10.200.3.2");
        assertThat(addresses.assign("a")).isEqualTo(first);
        addresses.release("a");
        assertThat(addresses.assign("b")).isEqualTo("10.200.3.3");
    }

    @Test
    void whatAPodHadBeforeIsKept() {
        NodeAddresses addresses = new NodeAddresses(0);
        addresses.keep("a", "10.200.0.2");
        assertThat(addresses.assign("b")).isEqualTo("10.200.0.3");
        assertThat(addresses.assign("a")).isEqualTo("10.200.0.2");
    }

    @Test
    void manyNodesHaveRangesOfTheirOwn() {
        assertThat(new NodeAddresses(256).podCidr()).isEqualTo("10.201.0.0/24");
        assertThat(new NodeAddresses(1).node()).isNotEqualTo(new NodeAddresses(2).node());
    }
}
