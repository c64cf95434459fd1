package dev.longshore.examples;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks names up for {@code call-api}, and refuses those of which any address is out of reach. The HTTP client connects to
 * what this answers and asks no other source: between the check and the connection there is nothing to change.
 */
final class ReachableNames implements DnsResolver {
    private final ExampleSettings.Reach reach;
    private final Lookup lookup;

    /** Where addresses come from: the machine's resolver, or a test. */
    @FunctionalInterface
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    /** The host exists, and may not be called. */
    static final class OutOfReach extends UnknownHostException {
        private static final long serialVersionUID = 1;

        OutOfReach(String host) {
            super("The host " + host + " has an address that call-api may not call: private, loopback, link-local or"
                    + " multicast. LONGSHORE_CALL_API_ALLOW_PRIVATE=true allows them all");
        }
    }

    ReachableNames(ExampleSettings.Reach reach, Lookup lookup) {
        this.reach = reach;
        this.lookup = lookup;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        InetAddress[] addresses = lookup.addresses(host);
        for (InetAddress address : addresses) {
            if (!PublicAddresses.reachable(address, reach)) {
                throw new OutOfReach(host);
            }
        }
        return addresses;
    }

    /** Needed by some kinds of authentication, none of which is used here. */
    @Override
    public String resolveCanonicalHostname(String host) {
        return host;
    }
}
