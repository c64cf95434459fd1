package dev.longshore.suites;

import dev.longshore.job.key.KeyStore;
import dev.longshore.memory.InMemoryKeyStore;
import dev.longshore.suites.contract.KeyStoreContract;
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
