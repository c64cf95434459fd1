package dev.longshore.spring;

import dev.longshore.client.Longshore;
import dev.longshore.outbox.OutboxRelay;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.DataSourceUtils;

/** The transactional outbox, where {@code longshore.outbox.enabled} is true. */
@AutoConfiguration(
        after = LongshoreAutoConfiguration.class,
        afterName = "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration")
@ConditionalOnClass(DataSourceUtils.class)
@ConditionalOnProperty("longshore.outbox.enabled")
public class LongshoreOutboxAutoConfiguration {
    @Bean(destroyMethod = "")
    @ConditionalOnMissingBean
    OutboxRelay longshoreOutboxRelay(DataSource database, Longshore longshore, LongshoreProperties properties) {
        return new OutboxRelay(database, longshore, properties.outbox().poll());
    }

    @Bean
    @ConditionalOnProperty(name = "longshore.outbox.relay", matchIfMissing = true)
    RelayLifecycle longshoreOutboxRelayLifecycle(OutboxRelay relay) {
        return new RelayLifecycle(relay);
    }

    @Bean
    @ConditionalOnMissingBean
    TransactionalOutbox longshoreOutbox(DataSource database, OutboxRelay relay, ObjectProvider<TraceContext> traces) {
        TraceContext none = () -> null;
        return new TransactionalOutbox(database, relay, traces.getIfAvailable(() -> none));
    }
}
