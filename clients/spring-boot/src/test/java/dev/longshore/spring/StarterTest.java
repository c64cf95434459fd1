package dev.longshore.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.client.JobRequest;
import dev.longshore.client.Longshore;
import dev.longshore.client.testing.EnqueuedJob;
import dev.longshore.client.testing.FakeLongshore;
import dev.longshore.outbox.OutboxRelay;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.test.simple.SimpleTracer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.annotation.Transactional;

class StarterTest {
    private static final String OUTBOX = "longshore.outbox.enabled=true";

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Shop {
        @Bean
        FakeLongshore fake() {
            return new FakeLongshore();
        }

        @Bean
        Longshore longshore(FakeLongshore fake) {
            return fake.client();
        }

        @Bean
        Tracer tracer() {
            return new SimpleTracer();
        }

        @Bean
        Checkout checkout(TransactionalOutbox outbox) {
            return new Checkout(outbox);
        }
    }

    static class Checkout {
        private final TransactionalOutbox outbox;

        Checkout(TransactionalOutbox outbox) {
            this.outbox = outbox;
        }

        @Transactional
        public String buy(int order, boolean fails) {
            String id = outbox.enqueue("ship", Map.of("order", order));
            if (fails) {
                throw new IllegalArgumentException("The card was declined");
            }
            return id;
        }

        public String outsideOfATransaction() {
            return outbox.enqueue(JobRequest.of("ship"));
        }
    }

    @Test
    void clientAndHealthComeFromTheProperties() throws IOException {
        try (Api api = new Api();
                ConfigurableApplicationContext context = run(
                        Application.class,
                        "longshore.url=" + api.url(),
                        "longshore.key=ls_app_a-secret",
                        "longshore.max-tries=1")) {
            HealthIndicator health = context.getBean("longshoreHealthIndicator", HealthIndicator.class);

            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
            api.status = 503;
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);

            assertThat(api.keys).containsOnly("Bearer ls_app_a-secret").hasSize(2);
            assertThat(context.getBean(LongshoreProperties.class).toString()).doesNotContain("a-secret");
            assertThat(context.getBeansOfType(TransactionalOutbox.class)).isEmpty();
        }
    }

    @Test
    void withoutUrlThereIsNoClientAndWithoutKeyTheErrorSaysWhatToDo() {
        try (ConfigurableApplicationContext context = run(Application.class)) {
            assertThat(context.getBeansOfType(Longshore.class)).isEmpty();
        }
        assertThatThrownBy(() -> run(Application.class, "longshore.url=http://127.0.0.1:1"))
                .rootCause()
                .hasMessageContaining("LONGSHORE_KEY");
    }

    @Test
    void rollbackLeavesNoJobAndCommitNudgesTheRelay() {
        try (ConfigurableApplicationContext context = run(Shop.class, OUTBOX, "longshore.outbox.poll=1d")) {
            Checkout checkout = context.getBean(Checkout.class);
            FakeLongshore fake = context.getBean(FakeLongshore.class);

            assertThatThrownBy(() -> checkout.buy(1, true)).hasMessage("The card was declined");
            String id = checkout.buy(2, false);
            while (fake.enqueued().isEmpty()) {
                Thread.onSpinWait();
            }

            assertThat(fake.enqueued()).extracting(EnqueuedJob::id).containsExactly(id);
            assertThat(fake.payloads("ship", Map.class)).containsExactly(Map.of("order", 2));
        }
    }

    @Test
    void outsideOfATransactionNothingIsEnqueued() throws SQLException {
        try (ConfigurableApplicationContext context = run(Shop.class, OUTBOX, "longshore.outbox.relay=false")) {
            assertThatThrownBy(() -> context.getBean(Checkout.class).outsideOfATransaction())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("@Transactional");
            assertThat(context.getBean(OutboxRelay.class).backlog().waiting()).isZero();
        }
    }

    @Test
    void relayRunsWithTheContextUnlessItIsNotWanted() throws SQLException {
        ConfigurableApplicationContext context = run(Shop.class, OUTBOX);
        OutboxRelay relay = context.getBean(OutboxRelay.class);
        assertThat(relay.isRunning()).isTrue();
        context.close();
        assertThat(relay.isRunning()).isFalse();

        try (ConfigurableApplicationContext sender = run(Shop.class, OUTBOX, "longshore.outbox.relay=false")) {
            assertThat(sender.getBean(OutboxRelay.class).isRunning()).isFalse();
            sender.getBean(Checkout.class).buy(3, false);
            assertThat(sender.getBean(OutboxRelay.class).backlog().waiting()).isEqualTo(1);
            HealthIndicator health = sender.getBean("longshoreHealthIndicator", HealthIndicator.class);
            assertThat(health.health().getDetails())
                    .containsEntry("outboxWaiting", 1L)
                    .containsEntry("outboxRefused", 0L);
        }
    }

    @Test
    void jobHasTheContextOfTheTraceInWhichItWasEnqueued() throws SQLException {
        try (ConfigurableApplicationContext context = run(Shop.class, OUTBOX, "longshore.outbox.relay=false")) {
            Tracer tracer = context.getBean(Tracer.class);
            Span span = tracer.nextSpan().start();
            try (Tracer.SpanInScope scope = tracer.withSpan(span)) {
                assertThat(scope).isNotNull();
                context.getBean(Checkout.class).buy(4, false);
            } finally {
                span.end();
            }

            context.getBean(OutboxRelay.class).runOnce();

            FakeLongshore fake = context.getBean(FakeLongshore.class);
            String traceId = span.context().traceId();
            assertThat(fake.enqueued().get(0).traceparent().orElseThrow())
                    .matches("00-0*" + traceId + "-" + span.context().spanId() + "-0[01]")
                    .hasSize(55);
        }
    }

    @Test
    void editorsFindTheProperties() throws IOException {
        List<String> names = new ArrayList<>();
        var files = getClass().getClassLoader().getResources("META-INF/spring-configuration-metadata.json");
        while (files.hasMoreElements()) {
            try (var file = files.nextElement().openStream()) {
                names.add(new String(file.readAllBytes(), StandardCharsets.UTF_8));
            }
        }

        assertThat(String.join("\n", names))
                .contains("\"longshore.url\"", "\"longshore.key\"", "\"longshore.outbox.enabled\"", "URL of the API");
    }

    private static ConfigurableApplicationContext run(Class<?> application, String... properties) {
        List<String> all = new ArrayList<>(List.of(properties));
        all.add("spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID());
        all.add("spring.sql.init.schema-locations=classpath:db/longshore/h2/V2026112801__longshore_outbox.sql");
        all.add("spring.main.banner-mode=off");
        all.add("logging.level.root=warn");
        return new SpringApplicationBuilder(application)
                .web(WebApplicationType.NONE)
                .properties(all.toArray(String[]::new))
                .run();
    }
}
