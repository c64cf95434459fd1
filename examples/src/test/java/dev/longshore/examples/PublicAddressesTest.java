package dev.longshore.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublicAddressesTest {
    @Test
    void publicAddressesAreDistinguishedFromSpecialOnes() throws Exception {
        for (String address : List.of("8.8.8.8", "100.128.0.1", "198.20.0.1", "2606:4700::1111", "2a00:1450::1")) {
            assertThat(PublicAddresses.isPublic(InetAddress.getByName(address)))
                    .as(address)
                    .isTrue();
        }
        for (String address : List.of(
                "255.255.255.255",
                "240.0.0.1",
                "198.18.0.1",
                "192.0.2.1",
                "203.0.113.9",
                "2001:db8::1",
                "2002:0a00::1",
                "64:ff9b::a00:1",
                "2001::1",
                "fec0::1",
                "ff02::1",
                "::")) {
            assertThat(PublicAddresses.isPublic(InetAddress.getByName(address)))
                    .as(address)
                    .isFalse();
        }
    }
}
