package dev.longshore.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** The Java of {@code docs/testing.md}, as it is there, compiles, and its tests pass. */
class TestingPageTest {
    private static final Path PAGE = Path.of("..", "docs", "testing.md");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```java\\n(.*?)^```");
    private static final Pattern NAME = Pattern.compile("(?m)^(?:public )?(?:final )?class (\\w+)");
    private static final String IMPORTS = """
        package com.example;

        import static dev.longshore.testkit.LongshoreAssertions.assertThat;
        import static org.assertj.core.api.Assertions.assertThat;

        import com.example.ShopWorker.Order;
        import com.example.ShopWorker.Receipt;
        import dev.longshore.task.*;
        import dev.longshore.testkit.*;
        import dev.longshore.worker.WorkerFunction;
        import java.io.IOException;
        import java.time.Duration;
        import java.util.*;
        import org.junit.jupiter.api.BeforeEach;
        import org.junit.jupiter.api.Test;
        import org.junit.jupiter.api.extension.RegisterExtension;

        """;

    @TempDir
    Path folder;

    @Test
    void theTestsOfThePagePass() throws Exception {
        List<String> names = compile();

        try (URLClassLoader compiled = new URLClassLoader(
                new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
            SummaryGeneratingListener results = new SummaryGeneratingListener();
            for (String name :
                    names.stream().filter(each -> each.endsWith("Test")).toList()) {
                LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(compiled.loadClass("com.example." + name)))
                        .build();
                LauncherFactory.create().execute(request, results);
                StringWriter failures = new StringWriter();
                results.getSummary().printFailuresTo(new PrintWriter(failures));
                assertThat(results.getSummary().getTotalFailureCount())
                        .as(failures.toString())
                        .isZero();
                assertThat(results.getSummary().getTestsSucceededCount()).isGreaterThan(1);
            }
        }
        assertThat(names).contains("ChargeCardTest", "ShopWorkerTest");
    }

    private List<String> compile() throws Exception {
        Path sources = Files.createDirectories(folder.resolve("com/example"));
        Files.writeString(sources.resolve("Bank.java"), """
                package com.example;

                interface Bank {
                    void charge(String key, int cents) throws java.io.IOException;
                }
                """);
        List<String> names = new ArrayList<>();
        for (String block : BLOCK.matcher(Files.readString(PAGE))
                .results()
                .map(found -> found.group(1))
                .toList()) {
            String name =
                    NAME.matcher(block).results().findFirst().orElseThrow().group(1);
            Files.writeString(sources.resolve(name + ".java"), IMPORTS + block);
            names.add(name);
        }
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-d", folder.toString(), "-classpath", System.getProperty("java.class.path")));
        names.forEach(name -> arguments.add(sources.resolve(name + ".java").toString()));
        arguments.add(sources.resolve("Bank.java").toString());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new)))
                .as("javac's exit status")
                .isZero();
        return names;
    }
}
