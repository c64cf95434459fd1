package dev.longshore.spring;

import dev.longshore.client.Longshore;
import dev.longshore.client.LongshoreBuilder;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.Tracer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** A client from the application's properties. */
@AutoConfiguration
@EnableConfigurationProperties(LongshoreProperties.class)
public class LongshoreAutoConfiguration {
    /** The client, when there is a URL and the application has no client of its own. */
    @Bean
    @ConditionalOnMissingBean
    @ConditionalOnProperty("longshore.url")
    Longshore longshore(LongshoreProperties properties, ObjectProvider<TraceContext> traces) {
        if (properties.url() == null || properties.key() == null) {
            throw new IllegalStateException(
                    "longshore.key is not set: an API key, ls_<id>_<secret>. Set LONGSHORE_KEY in the environment");
        }
        TraceContext none = () -> null;
        LongshoreBuilder builder = Longshore.builder()
                .url(properties.url())
                .key(properties.key())
                .tryTimeout(properties.tryTimeout())
                .totalTimeout(properties.totalTimeout())
                .maxTries(properties.maxTries())
                .traceparent(traces.getIfAvailable(() -> none));
        return builder.build();
    }

    /** The trace of Micrometer's tracer, where the application has one. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(Tracer.class)
    static class Tracing {
        @Bean
        @ConditionalOnMissingBean
        TraceContext longshoreTraceContext(ObjectProvider<Tracer> tracers) {
            return () -> {
                Tracer tracer = tracers.getIfAvailable();
                Span span = tracer == null ? null : tracer.currentSpan();
                return span == null ? null : traceparent(span.context());
            };
        }

        /** Version 00 (W3C Trace Context). */
        private static String traceparent(io.micrometer.tracing.TraceContext context) {
            String flags = Boolean.FALSE.equals(context.sampled()) ? "00" : "01";
            return "00-" + "0".repeat(Math.max(0, 32 - context.traceId().length())) + context.traceId() + "-"
                    + context.spanId() + "-" + flags;
        }
    }
}
