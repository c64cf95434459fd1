package dev.longshore.testkit;

import dev.longshore.job.key.KeyStore;
import dev.longshore.testkit.contract.KeyStoreContract;
import java.util.Random;

class InMemoryKeyStoreTest extends KeyStoreContract {
    private final InMemoryKeyStore keys = new InMemoryKeyStore(new Random(1));

    @Override
    protected KeyStore store() {
        return keys;
    }

    @Override
    protected KeyStore emptyStore() {
        return new InMemoryKeyStore(new Random(1));
    }
}
