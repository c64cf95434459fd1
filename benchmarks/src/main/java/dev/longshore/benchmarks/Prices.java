package dev.longshore.benchmarks;

import dev.longshore.task.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * AWS's list prices in one region on one day, without free tiers: {@code prices.json}, which names the page of each.
 *
 * @param date the day on which the pages were read, as ISO-8601
 */
record Prices(String date, String region, Map<Charge, Price> prices) {

    /** @param usd for so many of them */
    record Price(double usd, double per, String page) {}

    /** @throws IllegalStateException when a charge has no price */
    static Prices read() {
        try (InputStream file = Objects.requireNonNull(Prices.class.getResourceAsStream("prices.json"))) {
            Prices read = Json.mapper().readValue(file, Prices.class);
            for (Charge charge : Charge.values()) {
                if (!read.prices.containsKey(charge)) {
                    throw new IllegalStateException("prices.json has no price for " + charge);
                }
            }
            return new Prices(read.date, read.region, new EnumMap<>(read.prices));
        } catch (IOException e) {
            throw new IllegalStateException("prices.json cannot be read", e);
        }
    }

    /** In USD. */
    double of(Charge charge, double amount) {
        Price price = Objects.requireNonNull(prices.get(charge));
        return amount * price.usd / price.per;
    }

    /** In USD. */
    double of(Usage usage) {
        return usage.charges().stream()
                .mapToDouble(charge -> of(charge, usage.of(charge)))
                .sum();
    }
}
