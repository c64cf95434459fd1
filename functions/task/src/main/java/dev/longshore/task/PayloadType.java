package dev.longshore.task;

/**
 * A type of payloads: its shape, and how a payload is read. The shape decides what is accepted, here and at the API; Jackson
 * then makes the value. So both agree, except for what a type's own code refuses, such as a record's constructor.
 *
 * <p>A record's component is required, whatever its package says, unless it is {@code Optional}, {@code @Nullable}
 * (jspecify), or has a default: {@code @JsonProperty(defaultValue = "…")}, a value as JSON text. Null is taken for {@code
 * Optional} and {@code @Nullable}, and as a value of {@link Json}.
 *
 * @param <T> the Java type
 */
public final class PayloadType<T> {
    private static final ClassValue<PayloadType<?>> BY_CLASS = new ClassValue<>() {
        @Override
        protected PayloadType<?> computeValue(Class<?> type) {
            return new PayloadType<>(type, PayloadShapes.of(type));
        }
    };

    private final Class<T> type;
    private final PayloadShape shape;

    private PayloadType(Class<T> type, PayloadShape shape) {
        this.type = type;
        this.shape = shape;
    }

    /** @throws IllegalArgumentException when the type has no JSON form, with what to do about it */
    @SuppressWarnings("unchecked") // the value of a class is the type of that class
    public static <T> PayloadType<T> of(Class<T> type) {
        return (PayloadType<T>) BY_CLASS.get(type);
    }

    /** The shape of its payloads. */
    public PayloadShape shape() {
        return shape;
    }

    /**
     * Reads a payload that has no fields but the type's.
     *
     * @throws PayloadException when it does not fit
     */
    public T read(Json payload) {
        return read(payload, PayloadCheck.Unknown.REFUSED);
    }

    /**
     * Reads a payload and passes over fields that the type does not have: an older worker may meet a newer payload in the
     * middle of a deployment. Nothing that is required may be missing.
     *
     * @throws PayloadException when it does not fit
     */
    public T readIgnoringUnknownFields(Json payload) {
        return read(payload, PayloadCheck.Unknown.PASSED_OVER);
    }

    private T read(Json payload, PayloadCheck.Unknown unknown) {
        PayloadCheck check = PayloadCheck.of(shape, payload, unknown);
        check.require();
        return (check.isComplete() ? payload : PayloadCompletion.complete(shape, payload)).as(type);
    }
}
