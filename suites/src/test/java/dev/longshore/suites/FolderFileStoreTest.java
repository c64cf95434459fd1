package dev.longshore.suites;

import dev.longshore.suites.contract.FileStoreContract;
import dev.longshore.task.FileStore;
import dev.longshore.task.FolderFileStore;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What links in its folder do is in {@code FileStoreTest}, beside it. */
class FolderFileStoreTest extends FileStoreContract {
    @TempDir
    Path folder;

    private FileStore files;

    @BeforeEach
    void open() {
        files = new FolderFileStore(folder);
    }

    @Override
    protected FileStore files() {
        return files;
    }
}
