package dev.longshore.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.temporal.Temporal;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Derives a {@link PayloadShape} from a Java type. A record's component is required when it is of a primitive type, or
 * when its class or package is {@code @NullMarked} and the component is not {@code @Nullable}.
 */
final class PayloadShapes {
    private static final Set<Class<?>> WRITTEN_AS_STRING =
            Set.of(String.class, UUID.class, URI.class, Duration.class, byte[].class, Path.class);

    private PayloadShapes() {}

    static PayloadShape of(Type type) {
        return of(type, Set.of());
    }

    private static PayloadShape of(Type type, Set<Type> around) {
        if (around.contains(type)) {
            return PayloadShape.of(PayloadShape.Kind.ANY); // a type that holds itself: checked by the worker alone
        }
        if (type instanceof ParameterizedType generic) {
            return ofGeneric((Class<?>) generic.getRawType(), generic.getActualTypeArguments(), around);
        }
        return type instanceof Class<?> plain ? ofClass(plain, around) : PayloadShape.of(PayloadShape.Kind.ANY);
    }

    private static PayloadShape ofGeneric(Class<?> raw, Type[] arguments, Set<Type> around) {
        if (Collection.class.isAssignableFrom(raw)) {
            return holding(PayloadShape.Kind.ARRAY, of(arguments[0], around));
        }
        if (Map.class.isAssignableFrom(raw)) {
            return holding(PayloadShape.Kind.MAP, of(arguments[1], around));
        }
        return raw == Optional.class ? of(arguments[0], around) : PayloadShape.of(PayloadShape.Kind.ANY);
    }

    private static PayloadShape ofClass(Class<?> type, Set<Type> around) {
        if (WRITTEN_AS_STRING.contains(type)
                || Temporal.class.isAssignableFrom(type)
                || ZoneId.class.isAssignableFrom(type)) {
            return PayloadShape.of(PayloadShape.Kind.STRING);
        }
        if (type == int.class || type == Integer.class) {
            return whole(Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
        if (type == long.class || type == Long.class) {
            return whole(Long.MIN_VALUE, Long.MAX_VALUE);
        }
        if (type == short.class || type == Short.class) {
            return whole(Short.MIN_VALUE, Short.MAX_VALUE);
        }
        if (type == byte.class || type == Byte.class) {
            return whole(Byte.MIN_VALUE, Byte.MAX_VALUE);
        }
        if (type == BigInteger.class) {
            return PayloadShape.of(PayloadShape.Kind.INTEGER);
        }
        if (type == double.class
                || type == Double.class
                || type == float.class
                || type == Float.class
                || type == BigDecimal.class) {
            return PayloadShape.of(PayloadShape.Kind.NUMBER);
        }
        if (type == boolean.class || type == Boolean.class) {
            return PayloadShape.of(PayloadShape.Kind.BOOLEAN);
        }
        if (type.isEnum()) {
            List<String> names = Arrays.stream(type.getEnumConstants())
                    .map(constant -> Json.of(constant).tree().asString())
                    .toList();
            return new PayloadShape(PayloadShape.Kind.ENUMERATION, Map.of(), Set.of(), null, names, null, null);
        }
        if (type.isArray()) {
            return holding(PayloadShape.Kind.ARRAY, of(type.getComponentType(), around));
        }
        return type.isRecord() && type != Json.class ? ofRecord(type, around) : ofOther(type);
    }

    private static PayloadShape ofOther(Class<?> type) {
        if (type == Json.class || type == Object.class || JsonNode.class.isAssignableFrom(type)) {
            return PayloadShape.of(PayloadShape.Kind.ANY);
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            throw new IllegalArgumentException("Payloads cannot hold " + type + ": take a record, String, a number,"
                    + " boolean, enum, List, Map, java.time or Json");
        }
        return PayloadShape.of(PayloadShape.Kind.ANY);
    }

    private static PayloadShape ofRecord(Class<?> type, Set<Type> around) {
        Set<Type> inside = new LinkedHashSet<>(around);
        inside.add(type);
        Map<String, PayloadShape> fields = new LinkedHashMap<>();
        Set<String> required = new LinkedHashSet<>();
        for (RecordComponent component : type.getRecordComponents()) {
            JsonProperty renamed = component.getAccessor().getAnnotation(JsonProperty.class);
            String name = renamed == null || renamed.value().isEmpty() ? component.getName() : renamed.value();
            fields.put(name, of(component.getGenericType(), inside));
            if (isRequired(type, component)) {
                required.add(name);
            }
        }
        return new PayloadShape(PayloadShape.Kind.OBJECT, fields, required, null, List.of(), null, null);
    }

    private static boolean isRequired(Class<?> type, RecordComponent component) {
        if (component.getType().isPrimitive()) {
            return true;
        }
        return isNullMarked(type)
                && component.getType() != Optional.class
                && component.getType() != Json.class
                && !component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static boolean isNullMarked(Class<?> type) {
        for (Class<?> outer = type; outer != null; outer = outer.getEnclosingClass()) {
            if (outer.isAnnotationPresent(NullMarked.class)) {
                return true;
            }
        }
        AnnotatedElement home = type.getPackage();
        return home.isAnnotationPresent(NullMarked.class);
    }

    private static PayloadShape holding(PayloadShape.Kind kind, PayloadShape items) {
        return new PayloadShape(kind, Map.of(), Set.of(), items, List.of(), null, null);
    }

    private static PayloadShape whole(long least, long most) {
        return new PayloadShape(PayloadShape.Kind.INTEGER, Map.of(), Set.of(), null, List.of(), least, most);
    }
}
