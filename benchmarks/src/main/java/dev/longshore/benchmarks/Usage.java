package dev.longshore.benchmarks;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** How much of each {@link Charge} something used. Immutable. */
final class Usage {
    static final Usage NONE = new Usage(new EnumMap<>(Charge.class));

    private final Map<Charge, Double> amounts;

    private Usage(Map<Charge, Double> amounts) {
        this.amounts = amounts;
    }

    static Usage of(Charge charge, double amount) {
        return NONE.plus(charge, amount);
    }

    Usage plus(Charge charge, double amount) {
        EnumMap<Charge, Double> sum = new EnumMap<>(Charge.class);
        sum.putAll(amounts);
        sum.merge(charge, amount, Double::sum);
        return new Usage(sum);
    }

    Usage plus(Usage other) {
        Usage sum = this;
        for (Map.Entry<Charge, Double> entry : other.amounts.entrySet()) {
            sum = sum.plus(entry.getKey(), entry.getValue());
        }
        return sum;
    }

    Usage times(double factor) {
        EnumMap<Charge, Double> product = new EnumMap<>(Charge.class);
        amounts.forEach((charge, amount) -> product.put(charge, amount * factor));
        return new Usage(product);
    }

    double of(Charge charge) {
        return amounts.getOrDefault(charge, 0.0);
    }

    /** What is charged, in the order of {@link Charge}. */
    Set<Charge> charges() {
        EnumSet<Charge> charges = EnumSet.noneOf(Charge.class);
        amounts.forEach((charge, amount) -> {
            if (amount != 0) {
                charges.add(charge);
            }
        });
        return charges;
    }
}
