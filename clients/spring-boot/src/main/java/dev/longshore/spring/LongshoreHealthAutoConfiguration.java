package dev.longshore.spring;

import dev.longshore.client.Longshore;
import dev.longshore.outbox.OutboxRelay;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** The health of Longshore, where the application shows health; {@code management.health.longshore.enabled=false} leaves it out. */
@AutoConfiguration(after = {LongshoreAutoConfiguration.class, LongshoreOutboxAutoConfiguration.class})
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnBean(Longshore.class)
@ConditionalOnEnabledHealthIndicator("longshore")
public class LongshoreHealthAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean(name = "longshoreHealthIndicator")
    HealthIndicator longshoreHealthIndicator(Longshore longshore, ObjectProvider<OutboxRelay> relays) {
        return new LongshoreHealthIndicator(longshore, relays.getIfAvailable());
    }
}
