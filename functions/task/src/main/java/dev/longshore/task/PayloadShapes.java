package dev.longshore.task;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.AnnotationIntrospector;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedMember;
import tools.jackson.databind.introspect.ClassIntrospector;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Derives a {@link PayloadShape} from a Java type. Jackson says which fields there are, with their names and types; {@link
 * PayloadFields} decides which are required.
 *
 * <p>What code of the type's own reads (a class that is no record, a deserializer, {@code @JsonFormat}) is any value here.
 */
final class PayloadShapes {
    static final PayloadShape READ_BY_CODE = new PayloadShape.Any();
    static final PayloadShape ANY_VALUE = new PayloadShape.OrNull(READ_BY_CODE);

    private static final double MOST_SINGLE = Double.parseDouble(Float.toString(Float.MAX_VALUE));

    private static final Map<Class<?>, PayloadShape> SCALARS = Map.ofEntries(
            Map.entry(Json.class, ANY_VALUE),
            Map.entry(Object.class, ANY_VALUE),
            Map.entry(String.class, new PayloadShape.Text(null)),
            Map.entry(CharSequence.class, new PayloadShape.Text(null)),
            Map.entry(StringBuilder.class, new PayloadShape.Text(null)),
            Map.entry(char[].class, new PayloadShape.Text(null)),
            Map.entry(boolean.class, new PayloadShape.Truth()),
            Map.entry(Boolean.class, new PayloadShape.Truth()),
            Map.entry(byte.class, whole(Byte.MIN_VALUE, Byte.MAX_VALUE)),
            Map.entry(Byte.class, whole(Byte.MIN_VALUE, Byte.MAX_VALUE)),
            Map.entry(short.class, whole(Short.MIN_VALUE, Short.MAX_VALUE)),
            Map.entry(Short.class, whole(Short.MIN_VALUE, Short.MAX_VALUE)),
            Map.entry(int.class, whole(Integer.MIN_VALUE, Integer.MAX_VALUE)),
            Map.entry(Integer.class, whole(Integer.MIN_VALUE, Integer.MAX_VALUE)),
            Map.entry(OptionalInt.class, whole(Integer.MIN_VALUE, Integer.MAX_VALUE)),
            Map.entry(long.class, whole(Long.MIN_VALUE, Long.MAX_VALUE)),
            Map.entry(Long.class, whole(Long.MIN_VALUE, Long.MAX_VALUE)),
            Map.entry(OptionalLong.class, whole(Long.MIN_VALUE, Long.MAX_VALUE)),
            Map.entry(BigInteger.class, new PayloadShape.Whole(null, null)),
            Map.entry(float.class, new PayloadShape.Decimal(MOST_SINGLE)),
            Map.entry(Float.class, new PayloadShape.Decimal(MOST_SINGLE)),
            Map.entry(double.class, new PayloadShape.Decimal(Double.MAX_VALUE)),
            Map.entry(Double.class, new PayloadShape.Decimal(Double.MAX_VALUE)),
            Map.entry(OptionalDouble.class, new PayloadShape.Decimal(Double.MAX_VALUE)),
            Map.entry(BigDecimal.class, new PayloadShape.Decimal(Double.MAX_VALUE)));

    final DeserializationConfig config = Json.mapper().deserializationConfig();
    final AnnotationIntrospector annotations = config.getAnnotationIntrospector();
    final ClassIntrospector classes = config.classIntrospectorInstance().forOperation(config);

    private final Set<JavaType> holdThemselves;
    private final Map<String, PayloadShape> types = new LinkedHashMap<>();
    private final Map<JavaType, String> names = new LinkedHashMap<>();
    private final Deque<JavaType> around = new ArrayDeque<>();
    private final PayloadFields records = new PayloadFields(this);

    /** @param holdThemselves the types found so far that hold themselves; further ones are added */
    private PayloadShapes(Set<JavaType> holdThemselves) {
        this.holdThemselves = holdThemselves;
    }

    /**
     * The shape of a type. Derived again as long as types are found that hold themselves: each of these gets a name, and is
     * referred to by it.
     */
    static PayloadShape of(Class<?> type) {
        Set<JavaType> holdThemselves = new LinkedHashSet<>();
        while (true) {
            int found = holdThemselves.size();
            PayloadShapes shapes = new PayloadShapes(holdThemselves);
            PayloadShape payload =
                    type == Object.class ? READ_BY_CODE : shapes.of(shapes.config.constructType(type), null);
            if (holdThemselves.size() == found) {
                PayloadShape whole = shapes.types.isEmpty() ? payload : new PayloadShape.Types(shapes.types, payload);
                shapes.records.requireDefaultsFit(shapes.types);
                return whole;
            }
        }
    }

    /** @param written the type as it is written in the source, for the annotations of what it holds; null if unavailable */
    PayloadShape of(JavaType type, @Nullable AnnotatedType written) {
        Class<?> raw = type.getRawClass();
        Optional<PayloadFormat> format = PayloadFormat.of(raw);
        if (format.isPresent()) {
            return new PayloadShape.Text(format.get());
        }
        PayloadShape scalar = SCALARS.get(raw);
        if (scalar != null) {
            return scalar;
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(raw)) {
            throw new IllegalArgumentException("Payloads cannot hold " + raw + ": take a record, String, a number,"
                    + " boolean, enum, List, Map, java.time or Json");
        }
        if (raw == Optional.class) {
            return of(type.getReferencedType(), argument(written, 0));
        }
        if (JsonNode.class.isAssignableFrom(raw)) {
            return ofTree(raw);
        }
        if (type.isArrayType() || type.isCollectionLikeType()) {
            return new PayloadShape.Array(ofItem(type.getContentType(), item(written)));
        }
        if (type.isMapLikeType()) {
            return new PayloadShape.Dictionary(
                    ofKey(type.getKeyType()), ofItem(type.getContentType(), argument(written, 1)));
        }
        return ofClass(type);
    }

    private PayloadShape ofItem(JavaType type, @Nullable AnnotatedType written) {
        PayloadShape item = of(type, written);
        return isNullable(type, written) ? orNull(item) : item;
    }

    static PayloadShape orNull(PayloadShape shape) {
        return shape instanceof PayloadShape.OrNull ? shape : new PayloadShape.OrNull(shape);
    }

    /** The names that are read as a map's keys: any string where code reads them, and for fractions. */
    private PayloadShape.Key ofKey(JavaType type) {
        return switch (of(type, null)) {
            case PayloadShape.Key key -> key;
            case PayloadShape.Truth _ -> new PayloadShape.Enumeration(List.of("true", "false"));
            default -> new PayloadShape.Text(null);
        };
    }

    private static PayloadShape ofTree(Class<?> raw) {
        if (raw == ObjectNode.class) {
            return new PayloadShape.Dictionary(new PayloadShape.Text(null), ANY_VALUE);
        }
        return raw == ArrayNode.class ? new PayloadShape.Array(ANY_VALUE) : ANY_VALUE;
    }

    private PayloadShape ofClass(JavaType type) {
        AnnotatedClass info = classes.introspectClassAnnotations(type);
        if (isReadByCode(info)) {
            return READ_BY_CODE;
        }
        JavaType refined = annotations.refineDeserializationType(config, info, type);
        if (!refined.equals(type)) {
            return of(refined, null);
        }
        if (type.isEnumType()) {
            return ofEnum(type, info);
        }
        JsonTypeInfo.Value variants = annotations.findPolymorphicTypeInfo(config, info);
        if (variants != null && variants.getIdType() != JsonTypeInfo.Id.NONE) {
            return named(type, () -> new PayloadVariants(this).of(type, info, variants));
        }
        return type.isRecordType() ? named(type, () -> records.of(type, info)) : ofOther(type, info);
    }

    /** The names of an enumeration, as Jackson writes its constants; also those that it reads besides. */
    private PayloadShape ofEnum(JavaType type, AnnotatedClass info) {
        Object[] constants = type.getRawClass().getEnumConstants();
        List<JsonNode> written = Arrays.stream(constants)
                .map(constant -> Json.of(constant).tree())
                .toList();
        if (hasFactory(type, info) || !written.stream().allMatch(JsonNode::isString)) {
            return READ_BY_CODE;
        }
        Set<String> values = new LinkedHashSet<>();
        written.forEach(name -> values.add(name.asString()));
        String[][] aliases = new String[constants.length][];
        annotations.findEnumAliases(config, info, Arrays.copyOf(constants, constants.length, Enum[].class), aliases);
        Arrays.stream(aliases).filter(more -> more != null).forEach(more -> values.addAll(List.of(more)));
        return new PayloadShape.Enumeration(List.copyOf(values));
    }

    /** The shape of one kind of a type, its discriminator apart. */
    PayloadShape ofVariant(JavaType type) {
        AnnotatedClass info = classes.introspectClassAnnotations(type);
        return type.isRecordType() && !isReadByCode(info) ? records.of(type, info) : READ_BY_CODE;
    }

    /** A class that is no record, and is read by its own constructor and setters. */
    private PayloadShape ofOther(JavaType type, AnnotatedClass info) {
        Class<?> raw = type.getRawClass();
        if (type.isAbstract() && !raw.getName().startsWith("java.") && !hasFactory(type, info)) {
            throw new IllegalArgumentException("Payloads cannot hold " + raw.getName() + ", of which there are several"
                    + " kinds: distinguish them by @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = \"kind\")"
                    + " on it and @JsonTypeName on each of its records");
        }
        return READ_BY_CODE;
    }

    /** Whether a method with {@code @JsonCreator} makes its values. */
    private boolean hasFactory(JavaType type, AnnotatedClass info) {
        return classes.introspectForCreation(type, info).getFactoryMethodsWithMode().stream()
                .anyMatch(factory -> factory.metadata != null);
    }

    // ---- types that hold themselves

    /** Derives the shape of an object, in its place, or once and for all when its type holds itself. */
    private PayloadShape named(JavaType type, Supplier<PayloadShape> shape) {
        if (around.contains(type)) {
            holdThemselves.add(type);
            return new PayloadShape.Reference(name(type));
        }
        boolean holdsItself = holdThemselves.contains(type);
        if (holdsItself && types.containsKey(name(type))) {
            return new PayloadShape.Reference(name(type));
        }
        around.push(type);
        PayloadShape derived = shape.get();
        around.pop();
        if (!holdsItself) {
            return derived;
        }
        types.put(name(type), derived);
        return new PayloadShape.Reference(name(type));
    }

    private String name(JavaType type) {
        return names.computeIfAbsent(type, unnamed -> {
            String simple = type.getRawClass().getSimpleName();
            return names.containsValue(simple) ? simple + "-" + (names.size() + 1) : simple;
        });
    }

    // ---- what annotations say

    /** Whether null is a value of what is declared so. */
    boolean isNullable(JavaType type, @Nullable AnnotatedType written) {
        Class<?> raw = type.getRawClass();
        return raw == Optional.class
                || raw == OptionalInt.class
                || raw == OptionalLong.class
                || raw == OptionalDouble.class
                || (written != null && written.isAnnotationPresent(Nullable.class));
    }

    /** Whether annotations make Jackson read it in a form that no shape describes. */
    boolean isReadByCode(Annotated annotated) {
        JsonFormat.Value format = annotations.findFormat(config, annotated);
        return annotations.findDeserializer(config, annotated) != null
                || annotations.findKeyDeserializer(config, annotated) != null
                || annotations.findContentDeserializer(config, annotated) != null
                || annotations.findDeserializationConverter(config, annotated) != null
                || annotations.findObjectIdInfo(config, annotated) != null
                || (format != null && !format.equals(JsonFormat.Value.empty()))
                || (annotated instanceof AnnotatedMember member
                        && annotations.findDeserializationContentConverter(config, member) != null);
    }

    private static @Nullable AnnotatedType item(@Nullable AnnotatedType written) {
        return written instanceof AnnotatedArrayType array
                ? array.getAnnotatedGenericComponentType()
                : argument(written, 0);
    }

    private static @Nullable AnnotatedType argument(@Nullable AnnotatedType written, int index) {
        return written instanceof AnnotatedParameterizedType generic
                        && index < generic.getAnnotatedActualTypeArguments().length
                ? generic.getAnnotatedActualTypeArguments()[index]
                : null;
    }

    private static PayloadShape whole(long least, long most) {
        return new PayloadShape.Whole(least, most);
    }
}
