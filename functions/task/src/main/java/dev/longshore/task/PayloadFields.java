package dev.longshore.task;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.PropertyName;
import tools.jackson.databind.introspect.AnnotatedClass;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.BeanPropertyDefinition;
import tools.jackson.databind.introspect.PotentialCreator;
import tools.jackson.databind.introspect.PotentialCreators;

/**
 * Derives the shape of a record, and decides which of its components are required: those that are not {@code Optional}, not
 * {@code @Nullable} and have no default.
 */
final class PayloadFields {
    private final PayloadShapes shapes;
    private final List<Default> defaults = new ArrayList<>();

    /** A default, to be checked once all types have been found. */
    private record Default(String component, PayloadShape shape, Json value, JavaType type) {}

    PayloadFields(PayloadShapes shapes) {
        this.shapes = shapes;
    }

    PayloadShape of(JavaType type, AnnotatedClass info) {
        BeanDescription bean = shapes.classes.introspectForDeserialization(type, info);
        PotentialCreators creators = bean.getPotentialCreators();
        if (creators.hasDelegating()) {
            return ofDelegate(creators);
        }
        List<BeanPropertyDefinition> components = bean.findProperties().stream()
                .filter(property -> property.getConstructorParameter() != null)
                .toList();
        if (bean.findAnySetterAccessor() != null || components.stream().anyMatch(this::isUnwrapped)) {
            return PayloadShapes.READ_BY_CODE;
        }
        Draft draft = new Draft();
        ignored(type, info, bean).forEach(ignored -> draft.fields.put(ignored, PayloadShapes.ANY_VALUE));
        components.stream()
                .filter(component -> !draft.fields.containsKey(component.getName()))
                .forEach(component -> add(type, component, draft));
        return draft.shape();
    }

    /** The fields that Jackson passes over, whatever they are. */
    private Set<String> ignored(JavaType type, AnnotatedClass info, BeanDescription bean) {
        Set<String> ignored = new LinkedHashSet<>(bean.getIgnoredPropertyNames());
        ignored.addAll(shapes.config
                .getDefaultPropertyIgnorals(type.getRawClass(), info)
                .findIgnoredForDeserialization());
        return ignored;
    }

    /** A record that is written as its one component. */
    private PayloadShape ofDelegate(PotentialCreators creators) {
        List<PotentialCreator> delegating = creators.getExplicitDelegating();
        return delegating.size() == 1
                        && !creators.hasPropertiesBased()
                        && delegating.getFirst().paramCount() == 1
                ? shapes.of(delegating.getFirst().param(0).getType(), null)
                : PayloadShapes.READ_BY_CODE;
    }

    private boolean isUnwrapped(BeanPropertyDefinition component) {
        return shapes.annotations.findUnwrappingNameTransformer(shapes.config, component.getConstructorParameter())
                != null;
    }

    /** A shape in the making. */
    private static final class Draft {
        final Map<String, PayloadShape> fields = new LinkedHashMap<>();
        final Set<String> required = new LinkedHashSet<>();
        final Map<String, Json> defaults = new LinkedHashMap<>();
        final Map<String, String> aliases = new LinkedHashMap<>();

        PayloadShape shape() {
            return new PayloadShape.Fields(fields, required, defaults, aliases);
        }
    }

    private void add(JavaType record, BeanPropertyDefinition component, Draft draft) {
        String name = component.getName();
        AnnotatedParameter parameter = component.getConstructorParameter();
        JavaType type = shapes.annotations.refineDeserializationType(shapes.config, parameter, parameter.getType());
        AnnotatedType written = written(record.getRawClass(), parameter);
        boolean nullable = shapes.isNullable(type, written);
        PayloadShape value = shape(parameter, type, written);
        PayloadShape shape = nullable ? PayloadShapes.orNull(value) : value;
        draft.fields.put(name, shape);
        component.findAliases().stream()
                .map(PropertyName::getSimpleName)
                .forEach(alias -> draft.aliases.put(alias, name));
        String byDefault = component.getMetadata().getDefaultValue();
        if (byDefault != null) {
            String place = record.getRawClass().getSimpleName() + "." + name;
            Json json = parse(byDefault, place);
            draft.defaults.put(name, json);
            defaults.add(new Default(place, shape, json, type));
        } else if (!nullable) {
            draft.required.add(name);
        }
    }

    /** Null is a value of Json, and of no component that is an Object. */
    private PayloadShape shape(AnnotatedParameter parameter, JavaType type, AnnotatedType written) {
        boolean byCode = shapes.isReadByCode(parameter)
                || shapes.annotations.findPolymorphicTypeInfo(shapes.config, parameter) != null
                || type.getRawClass() == Object.class;
        return byCode ? PayloadShapes.READ_BY_CODE : shapes.of(type, written);
    }

    /** The type as it is written in the source: of the component itself where the record's own constructor is called. */
    private static AnnotatedType written(Class<?> record, AnnotatedParameter parameter) {
        Executable creator = (Executable) parameter.getOwner().getMember();
        RecordComponent[] components = record.getRecordComponents();
        Class<?>[] canonical =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        return creator instanceof Constructor && Arrays.equals(creator.getParameterTypes(), canonical)
                ? components[parameter.getIndex()].getAnnotatedType()
                : creator.getAnnotatedParameterTypes()[parameter.getIndex()];
    }

    // ---- defaults

    private static Json parse(String text, String component) {
        try {
            return Json.parse(text);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(
                    "The default of " + component
                            + " is no JSON; a string is written with its quotes, as in defaultValue ="
                            + " \"\\\"png\\\"\"",
                    e);
        }
    }

    /** @throws IllegalArgumentException for a default that its own component does not take */
    void requireDefaultsFit(Map<String, PayloadShape> types) {
        for (Default given : defaults) {
            PayloadShape shape = types.isEmpty() ? given.shape() : new PayloadShape.Types(types, given.shape());
            try {
                PayloadCheck check = PayloadCheck.of(shape, given.value(), PayloadCheck.Unknown.REFUSED);
                check.require();
                Json value = check.isComplete() ? given.value() : PayloadCompletion.complete(shape, given.value());
                Json.mapper().readValue(value.text(), given.type());
            } catch (PayloadException e) {
                throw new IllegalArgumentException(
                        "The default of " + given.component() + e.pointer() + " " + e.getMessage(), e);
            } catch (JacksonException e) {
                throw new IllegalArgumentException(
                        "The default of " + given.component() + " cannot be read: " + e.getOriginalMessage(), e);
            }
        }
    }
}
