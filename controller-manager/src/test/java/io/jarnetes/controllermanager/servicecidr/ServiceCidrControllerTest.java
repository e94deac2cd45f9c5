package io.jarnetes.controllermanager.servicecidr;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServiceCidrControllerTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/24, 10.0.0.255, true",
        "10.0.0.0/24, 10.0.1.0, false",
        "10.0.0.0/9, 10.127.1.1, true",
        "10.0.0.0/9, 10.128.1.1, false",
        "fd00::/64, fd00::5, true",
        "fd00::/64, 10.0.0.1, false"
    })
    void contains(String cidr, String address, boolean inside) {
        assertThat(ServiceCidrController.contains(cidr, address)).isEqualTo(inside);
    }
}
