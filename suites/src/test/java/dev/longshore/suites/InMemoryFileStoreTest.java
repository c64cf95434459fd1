package dev.longshore.suites;

import dev.longshore.memory.InMemoryFileStore;
import dev.longshore.suites.contract.FileStoreContract;
import dev.longshore.task.FileStore;

class InMemoryFileStoreTest extends FileStoreContract {
    private final FileStore files = new InMemoryFileStore();

    @Override
    protected FileStore files() {
        return files;
    }
}
