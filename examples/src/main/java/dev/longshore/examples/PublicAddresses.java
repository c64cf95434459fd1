package dev.longshore.examples;

import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * Distinguishes the addresses that the Internet routes to from those inside a network, by IANA's registries of special-purpose
 * addresses (RFC 6890 and its updates).
 */
final class PublicAddresses {
    private PublicAddresses() {}

    static boolean reachable(InetAddress address, ExampleSettings.Reach reach) {
        return switch (reach) {
            case PRIVATE -> true;
            case LOOPBACK -> address.isLoopbackAddress() || isPublic(address);
            case PUBLIC -> isPublic(address);
        };
    }

    static boolean isPublic(InetAddress address) {
        if (address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet6Address ? isPublic6(bytes) : isPublic4(bytes);
    }

    private static boolean isPublic4(byte[] bytes) {
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        int third = bytes[2] & 0xff;
        return switch (first) {
            case 0 -> false; // this network
            case 100 -> second < 64 || second > 127; // carrier-grade NAT
            case 192 -> !(second == 0 && (third == 0 || third == 2)) && !(second == 88 && third == 99);
            case 198 -> second != 18 && second != 19 && !(second == 51 && third == 100); // benchmarks, documentation
            case 203 -> !(second == 0 && third == 113);
            default -> first < 224; // multicast, reserved, broadcast
        };
    }

    /** Global unicast (2000::/3) only, without the ranges that wrap an IPv4 address or are documentation. */
    private static boolean isPublic6(byte[] bytes) {
        int first = pair(bytes, 0);
        int second = pair(bytes, 2);
        boolean teredoOrProtocol = first == 0x2001 && second < 0x0200;
        boolean documentation = (first == 0x2001 && second == 0x0db8) || first == 0x3fff;
        boolean sixToFour = first == 0x2002;
        return first >= 0x2000 && first <= 0x3fff && !teredoOrProtocol && !documentation && !sixToFour;
    }

    private static int pair(byte[] bytes, int at) {
        return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
    }
}
