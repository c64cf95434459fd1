package dev.longshore.task;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.jsontype.NamedType;

/**
 * Derives the shape of a type of which there are several kinds, distinguished by a field: {@code @JsonTypeInfo} with {@code
 * use = NAME} or {@code SIMPLE_NAME}, its kinds by {@code @JsonSubTypes} or {@code permits}. Kinds that are
 * distinguished by other means are read by code alone.
 */
final class PayloadVariants {
    private final PayloadShapes shapes;

    PayloadVariants(PayloadShapes shapes) {
        this.shapes = shapes;
    }

    PayloadShape of(JavaType base, AnnotatedClass info, JsonTypeInfo.Value how) {
        boolean byName = how.getIdType() == JsonTypeInfo.Id.NAME || how.getIdType() == JsonTypeInfo.Id.SIMPLE_NAME;
        boolean byField = how.getInclusionType() == JsonTypeInfo.As.PROPERTY
                || how.getInclusionType() == JsonTypeInfo.As.EXISTING_PROPERTY;
        if (!byName || !byField || how.getDefaultImpl() != null) {
            return PayloadShapes.READ_BY_CODE;
        }
        Map<String, PayloadShape> variants = new LinkedHashMap<>();
        for (NamedType kind :
                shapes.config.getSubtypeResolver().collectAndResolveSubtypesByTypeId(shapes.config, info)) {
            JavaType type = shapes.config.getTypeFactory().constructSpecializedType(base, kind.getType());
            if (!type.isAbstract()) {
                String name = kind.hasName() ? kind.getName() : name(kind.getType(), how.getIdType());
                variants.put(name, variant(type, name, how));
            }
        }
        if (variants.isEmpty()) {
            throw new IllegalArgumentException(
                    "Payloads cannot hold " + base.getRawClass().getName()
                            + ", whose kinds cannot be found: make it sealed, or name its kinds by @JsonSubTypes");
        }
        return new PayloadShape.Variants(how.getPropertyName(), variants);
    }

    private PayloadShape variant(JavaType type, String name, JsonTypeInfo.Value how) {
        if (!(shapes.ofVariant(type) instanceof PayloadShape.Fields object)) {
            return PayloadShapes.READ_BY_CODE;
        }
        if (object.fields().containsKey(how.getPropertyName()) && !how.getIdVisible()) {
            throw new IllegalArgumentException("The component " + how.getPropertyName() + " of "
                    + type.getRawClass().getName()
                    + " would always be null: it distinguishes the kinds, and Jackson keeps"
                    + " it to itself; say visible = true in @JsonTypeInfo");
        }
        Map<String, PayloadShape> fields = new LinkedHashMap<>();
        fields.put(how.getPropertyName(), new PayloadShape.Enumeration(List.of(name)));
        object.fields().forEach(fields::putIfAbsent);
        Set<String> required = new LinkedHashSet<>(List.of(how.getPropertyName()));
        required.addAll(object.required());
        return new PayloadShape.Fields(fields, required, object.defaults(), object.aliases());
    }

    /** As Jackson names a class that has no name of its own. */
    private static String name(Class<?> type, JsonTypeInfo.Id how) {
        String name = type.getName().substring(type.getName().lastIndexOf('.') + 1);
        return how == JsonTypeInfo.Id.SIMPLE_NAME ? name.substring(name.lastIndexOf('$') + 1) : name;
    }
}
