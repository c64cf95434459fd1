package dev.longshore.task;

import java.math.BigDecimal;
import java.math.BigInteger;
import tools.jackson.databind.JsonNode;

/**
 * Whole numbers as JSON Schema counts them ("Validation", 6.1.1): by value, so that {@code 1}, {@code 1.0} and {@code 10e-1}
 * are the same one. No number is written out that is longer than JSON had it: {@code 1e999999999} costs nothing here.
 */
public final class WholeNumber {
    private WholeNumber() {}

    /** Whether the value is a number without a fraction, however it is written. */
    public static boolean is(JsonNode node) {
        return node.isIntegralNumber() || (node.isNumber() && isWhole(node.decimalValue()));
    }

    /** Whether the value is a whole number of these or one between them. */
    public static boolean isWithin(JsonNode node, long least, long most) {
        return is(node) && isWithin(node.decimalValue(), BigDecimal.valueOf(least), BigDecimal.valueOf(most));
    }

    /** Whether the value is a whole number of at most {@link Json#LONGEST_NUMBER} digits. */
    static boolean canBeWrittenOut(JsonNode node) {
        BigDecimal most = BigDecimal.ONE.scaleByPowerOfTen(Json.LONGEST_NUMBER).subtract(BigDecimal.ONE);
        return is(node) && isWithin(node.decimalValue(), most.negate(), most);
    }

    /** The whole number that {@link #canBeWrittenOut can be written out}. */
    static BigInteger of(JsonNode node) {
        return node.decimalValue().toBigIntegerExact();
    }

    private static boolean isWithin(BigDecimal number, BigDecimal least, BigDecimal most) {
        return number.compareTo(least) >= 0 && number.compareTo(most) <= 0;
    }

    private static boolean isWhole(BigDecimal number) {
        if (number.signum() == 0 || number.scale() <= 0) {
            return true;
        }
        String digits = number.unscaledValue().abs().toString();
        int fraction = number.scale();
        return fraction < digits.length()
                && digits.chars().skip(digits.length() - fraction).allMatch(digit -> digit == '0');
    }
}
