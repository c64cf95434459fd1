package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Lambda gets, as it gets it. */
class LambdaJarsTest {
    private static final Path API = LambdaJars.api(StackTemplate.tasks().descriptions());
    private static final Path KEEPER = LambdaJars.keeper(StackTemplate.tasks().descriptions());
    private static final Path EXAMPLES = Path.of("target", "example", "longshore-examples.jar");

    @AfterEach
    void logAsBefore() {
        System.clearProperty("logback.configurationFile");
    }

    @Test
    void apiFunctionHasTwelveMegabytesAtMostAndTheKeepersNoMore() throws IOException {
        assertThat(Files.size(API)).isLessThanOrEqualTo(12_000_000);
        assertThat(Files.size(KEEPER)).isLessThanOrEqualTo(12_000_000);
    }

    @Test
    void theFunctionsFindTheTaskCatalogueInTheirJars() throws IOException {
        for (Path jar : List.of(API, KEEPER)) {
            try (JarFile open = new JarFile(jar.toFile())) {
                ZipEntry catalog = open.getEntry("longshore-catalog.json");
                String tasks = new String(open.getInputStream(catalog).readAllBytes(), StandardCharsets.UTF_8);

                assertThat(tasks).contains("\"greet\"", "\"transcode\"", "\"heavy\"");
            }
        }
    }

    /** What is new in a jar is a deployment; the same tasks must not be one. */
    @Test
    void theSameTasksMakeTheSameJar() throws IOException {
        Path again = LambdaJars.api(StackTemplate.tasks().descriptions());

        assertThat(Files.mismatch(API, again)).isEqualTo(-1);
    }

    /** A jar is minimized, and a dependency in the wrong scope is not in it: Lambda would be the first to notice. */
    @Test
    void everyClassOfOursInAJarFindsAllThatItNeedsThere() throws Exception {
        System.setProperty("logback.configurationFile", "longshore-lambda-logback.xml"); // as in Lambda
        for (Path jar : List.of(API, KEEPER, EXAMPLES)) {
            try (URLClassLoader lambda =
                            new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
                    JarFile open = new JarFile(jar.toFile())) {
                List<String> ours = open.stream()
                        .map(ZipEntry::getName)
                        .filter(name -> name.startsWith("dev/longshore/") && name.endsWith(".class"))
                        .filter(name -> !name.endsWith("-info.class"))
                        .map(name -> name.replace(".class", "").replace('/', '.'))
                        .toList();

                assertThat(ours).as(jar.toString()).hasSizeGreaterThan(50);
                for (String name : ours) {
                    assertThatCode(() -> {
                                Class<?> one = Class.forName(name, true, lambda);
                                assertThat(one.getDeclaredMethods()).isNotNull(); // finds the types of all signatures
                            })
                            .as(name + " in " + jar.getFileName())
                            .doesNotThrowAnyException();
                }
            }
        }
    }

    @Test
    void aJarHasOneHttpClientAndItsLogIsJson() throws IOException {
        for (Path jar : List.of(API, KEEPER, EXAMPLES)) {
            try (JarFile open = new JarFile(jar.toFile())) {
                assertThat(open.getEntry("longshore-lambda-logback.xml")).isNotNull();
                assertThat(open.stream().map(ZipEntry::getName))
                        .anyMatch(name -> name.contains("UrlConnectionHttpClient"))
                        .noneMatch(name -> name.startsWith("io/netty/") || name.startsWith("org/apache/http/"));
            }
        }
    }
}
