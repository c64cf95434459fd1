package dev.longshore.benchmarks;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostTablesTest {
    @Test
    void print(@TempDir Path data) {
        System.out.println(CostTables.count(data));
    }
}
