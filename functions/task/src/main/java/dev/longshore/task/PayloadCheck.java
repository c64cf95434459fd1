package dev.longshore.task;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Compares one payload with a shape. */
final class PayloadCheck {
    /** The check ends after this number of mistakes. */
    static final int MOST_MISTAKES = 20;

    /** A name that is read as a whole number, also as the pattern of a JSON Schema (ECMA-262). */
    static final Pattern WHOLE_KEY = Pattern.compile("^-?(0|[1-9][0-9]{0,18})$");

    /** How fields that the shape does not have are treated. */
    enum Unknown {
        REFUSED,
        /** An older worker may meet a newer payload in the middle of a deployment. */
        PASSED_OVER
    }

    private final Unknown unknown;
    private final Map<String, PayloadShape> types;
    private final List<PayloadMistake> mistakes = new ArrayList<>();
    private boolean complete = true;

    private PayloadCheck(Unknown unknown, Map<String, PayloadShape> types) {
        this.unknown = unknown;
        this.types = types;
    }

    /** A tree of 5 MB of small values takes hundreds of MB, so none is made for a shape that takes any value. */
    static PayloadCheck of(PayloadShape shape, Json payload, Unknown unknown) {
        Map<String, PayloadShape> types = shape instanceof PayloadShape.Types named ? named.types() : Map.of();
        PayloadCheck check = new PayloadCheck(unknown, types);
        boolean takesAll = shape.equals(PayloadShapes.ANY_VALUE)
                || (shape.equals(PayloadShapes.READ_BY_CODE) && !payload.text().equals("null"));
        if (!takesAll) {
            check.look(shape, payload.tree(), "");
        }
        return check;
    }

    /** In the payload's order; of an object, what is missing comes last. */
    List<PayloadMistake> mistakes() {
        return List.copyOf(mistakes);
    }

    void require() {
        if (!mistakes.isEmpty()) {
            throw new PayloadException(mistakes);
        }
    }

    /** Whether Jackson can read the payload as it is, without {@link PayloadCompletion}. */
    boolean isComplete() {
        return complete;
    }

    private boolean isFull() {
        return mistakes.size() >= MOST_MISTAKES;
    }

    private void look(PayloadShape shape, JsonNode node, String pointer) {
        if (isFull()) {
            return;
        }
        switch (shape) {
            case PayloadShape.Any _ -> require(!node.isNull(), shape, node, pointer);
            case PayloadShape.OrNull(PayloadShape value) -> {
                if (!node.isNull()) {
                    look(value, node, pointer);
                }
            }
            case PayloadShape.Text text -> lookAtText(text, node, pointer);
            case PayloadShape.Whole whole -> lookAtWhole(whole, node, pointer);
            case PayloadShape.Decimal decimal -> lookAtDecimal(decimal, node, pointer);
            case PayloadShape.Truth _ -> require(node.isBoolean(), shape, node, pointer);
            case PayloadShape.Enumeration names -> lookAtName(names, node, pointer);
            case PayloadShape.Array array -> lookAtItems(array, node, pointer);
            case PayloadShape.Dictionary map -> lookAtEntries(map, node, pointer);
            case PayloadShape.Fields object -> {
                if (require(node.isObject(), shape, node, pointer)) {
                    lookAtFields(object, node, pointer);
                }
            }
            case PayloadShape.Variants variants -> lookAtVariant(variants, node, pointer);
            case PayloadShape.Reference reference -> look(named(reference), node, pointer);
            case PayloadShape.Types root -> look(root.payload(), node, pointer);
        }
    }

    private PayloadShape named(PayloadShape.Reference reference) {
        PayloadShape shape = types.get(reference.type());
        if (shape == null) {
            throw new IllegalStateException(
                    "The shape refers to the type " + reference.type() + ", and has " + types.keySet());
        }
        return shape;
    }

    // ---- values

    private void lookAtText(PayloadShape.Text text, JsonNode node, String pointer) {
        PayloadFormat format = text.format();
        complete &= !node.isNumber() || node.isIntegralNumber();
        if (format == null) {
            require(node.isString(), text, node, pointer);
        } else if (require(format.isKindOf(node), text, node, pointer) && !format.reads(node)) {
            refuse(pointer, "takes " + format.description());
        }
    }

    private void lookAtWhole(PayloadShape.Whole whole, JsonNode node, String pointer) {
        if (!require(WholeNumber.is(node), whole, node, pointer)) {
            return;
        }
        complete &= node.isIntegralNumber();
        if (!isInRange(whole, node)) {
            refuse(pointer, "is out of range: it takes whole numbers from " + whole.least() + " to " + whole.most());
        } else if (!WholeNumber.canBeWrittenOut(node)) {
            refuse(pointer, "is out of range: it takes whole numbers of at most " + Json.LONGEST_NUMBER + " digits");
        }
    }

    private static boolean isInRange(PayloadShape.Whole whole, JsonNode node) {
        Long least = whole.least();
        Long most = whole.most();
        return least == null || most == null || WholeNumber.isWithin(node, least, most);
    }

    private void lookAtDecimal(PayloadShape.Decimal decimal, JsonNode node, String pointer) {
        if (require(node.isNumber(), decimal, node, pointer)
                && Math.abs(node.decimalValue().doubleValue()) > decimal.most()) {
            refuse(pointer, "is out of range: it takes numbers up to " + decimal.most());
        }
    }

    private void lookAtName(PayloadShape.Enumeration names, JsonNode node, String pointer) {
        if (!node.isString() || !names.values().contains(node.asString())) {
            String end = node.isString() ? Spelling.end(node.asString(), names.values()) : ".";
            refuse(pointer, "takes " + description(names) + end);
        }
    }

    // ---- arrays and maps

    private void lookAtItems(PayloadShape.Array array, JsonNode node, String pointer) {
        if (require(node.isArray(), array, node, pointer)) {
            for (int i = 0; i < node.size(); i++) {
                look(array.items(), node.get(i), pointer + "/" + i);
            }
        }
    }

    private void lookAtEntries(PayloadShape.Dictionary map, JsonNode node, String pointer) {
        if (require(node.isObject(), map, node, pointer)) {
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                String place = pointer + "/" + Json.escape(entry.getKey());
                if (!fitsKey(map.keys(), entry.getKey())) {
                    refuse(place, "is a name that cannot be read: it takes " + description(map.keys()));
                }
                look(map.items(), entry.getValue(), place);
            }
        }
    }

    private static boolean fitsKey(PayloadShape.Key keys, String key) {
        return switch (keys) {
            case PayloadShape.Enumeration names -> names.values().contains(key);
            case PayloadShape.Whole whole ->
                WHOLE_KEY.matcher(key).matches()
                        && isInRange(whole, Json.parse(key).tree());
            case PayloadShape.Text(PayloadFormat format) -> format == null || format.readsKey(key);
        };
    }

    // ---- objects

    private void lookAtVariant(PayloadShape.Variants variants, JsonNode node, String pointer) {
        if (!require(node.isObject(), variants, node, pointer)) {
            return;
        }
        JsonNode name = node.get(variants.discriminator());
        String place = pointer + "/" + Json.escape(variants.discriminator());
        Set<String> names = variants.variants().keySet();
        if (name == null) {
            refuse(place, "is missing; it takes one of " + String.join(", ", names));
            return;
        }
        PayloadShape variant = name.isString() ? variants.variants().get(name.asString()) : null;
        switch (variant) {
            case null -> lookAtName(new PayloadShape.Enumeration(List.copyOf(names)), name, place);
            case PayloadShape.Fields object -> lookAtFields(object, node, pointer);
            default -> look(variant, node, pointer);
        }
    }

    private void lookAtFields(PayloadShape.Fields object, JsonNode node, String pointer) {
        Set<String> given = new HashSet<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            if (isFull()) {
                return;
            }
            String name = object.aliases().getOrDefault(field.getKey(), field.getKey());
            String place = pointer + "/" + Json.escape(field.getKey());
            PayloadShape shape = object.fields().get(name);
            if (shape == null) {
                if (unknown == Unknown.REFUSED) {
                    refuse(place, "is an unknown field" + possibleFields(object, field.getKey()));
                }
            } else if (!given.add(name)) {
                refuse(place, "is there twice, under two of its names; send one of them");
            } else {
                look(shape, field.getValue(), place);
            }
        }
        for (String name : object.required()) {
            if (!given.contains(name)) {
                refuse(pointer + "/" + Json.escape(name), "is missing");
            }
        }
        complete &= given.containsAll(object.defaults().keySet());
    }

    private static String possibleFields(PayloadShape.Fields object, String unknown) {
        Set<String> possible = object.fields().keySet();
        return Spelling.end(unknown, possible) + " Possible: " + String.join(", ", possible);
    }

    // ---- messages

    /** @return whether it fits */
    private boolean require(boolean fits, PayloadShape shape, JsonNode node, String pointer) {
        if (!fits) {
            refuse(pointer, "takes " + description(shape) + ", and got " + nameOf(node));
        }
        return fits;
    }

    private void refuse(String pointer, String message) {
        if (!isFull()) {
            mistakes.add(new PayloadMistake(pointer, message));
        }
    }

    private static String description(PayloadShape shape) {
        return switch (shape) {
            case PayloadShape.Any _ -> "a value";
            case PayloadShape.OrNull(PayloadShape value) -> description(value);
            case PayloadShape.Text(PayloadFormat format) -> format == null ? "a string" : format.description();
            case PayloadShape.Whole _ -> "a whole number";
            case PayloadShape.Decimal _ -> "a number";
            case PayloadShape.Truth _ -> "true or false";
            case PayloadShape.Enumeration names -> "one of " + String.join(", ", names.values());
            case PayloadShape.Array _ -> "an array";
            case PayloadShape.Dictionary _, PayloadShape.Fields _, PayloadShape.Variants _ -> "an object";
            case PayloadShape.Reference _, PayloadShape.Types _ -> "a value"; // their targets are described instead
        };
    }

    private static String nameOf(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case BOOLEAN -> "a boolean";
            case NULL -> "null";
            case NUMBER -> WholeNumber.is(node) ? "a whole number" : "a number with a fraction";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case BINARY, MISSING, POJO -> "nothing";
        };
    }
}
