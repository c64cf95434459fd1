package dev.longshore.testkit;

import dev.longshore.task.FileStore;
import dev.longshore.testkit.contract.FileStoreContract;

class InMemoryFileStoreTest extends FileStoreContract {
    private final FileStore files = new InMemoryFileStore();

    @Override
    protected FileStore files() {
        return files;
    }
}
