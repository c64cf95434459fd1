package dev.longshore.cli;

import dev.longshore.task.JobContext;
import dev.longshore.task.RetryPolicy;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The worker of a shop as it is deployed, and workers that may be deployed next. */
final class Shop {
    /** While it is down, orders that are shipped fail. */
    static final AtomicBoolean CARRIER_IS_DOWN = new AtomicBoolean();

    private Shop() {}

    record Order(String number, int amount, @Nullable String note) {}

    record PricedOrder(String number, int amount, @Nullable String note, String currency) {}

    record Reminder(String customer) {}

    /** What is deployed. */
    public static final class Deployed extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("ship-order", Order.class, (order, job) -> ship(order.number(), job))
                    .retry(RetryPolicy.fixed(Duration.ofSeconds(1)).maxAttempts(3));
            tasks.add("remind", Reminder.class, (reminder, job) -> "reminded " + reminder.customer());
        }
    }

    /** An order has to have a currency. */
    public static final class WithCurrency extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("ship-order", PricedOrder.class, (order, job) -> ship(order.number(), job));
            tasks.add("remind", Reminder.class, (reminder, job) -> "reminded " + reminder.customer());
        }
    }

    /** An order has to have a currency, and one of before has euros. */
    public static final class WithCurrencyAndOrdersOfBefore extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            System.out.println("A worker may print"); // which is no finding
            tasks.add("ship-order", PricedOrder.class, (order, job) -> ship(order.number(), job))
                    .alsoReads(
                            Order.class, order -> new PricedOrder(order.number(), order.amount(), order.note(), "EUR"));
            tasks.add("remind", Reminder.class, (reminder, job) -> "reminded " + reminder.customer());
        }
    }

    /** The task remind is gone. */
    public static final class WithoutReminders extends WorkerFunction {
        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("ship-order", Order.class, (order, job) -> ship(order.number(), job));
        }
    }

    /** Its static initializer fails, as when a library that it needs is not in the jar. */
    public static final class WithoutItsLibrary extends WorkerFunction {
        private static final String LIBRARY = library();

        private static String library() {
            throw new NoClassDefFoundError("com/carrier/Client");
        }

        @Override
        protected void tasks(TaskCatalog tasks) {
            tasks.add("ship-order", Order.class, (order, job) -> LIBRARY);
        }
    }

    private static String ship(String number, JobContext job) {
        if (CARRIER_IS_DOWN.get()) {
            throw new IllegalStateException("The carrier is down");
        }
        if (number.startsWith("late") && job.attempt() == 1) {
            throw new IllegalStateException("The carrier is late");
        }
        return "shipped " + number;
    }
}
