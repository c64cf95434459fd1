package dev.longshore.task;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The forms in which the payloads of a task may be: its current type, and older ones. See {@link Task#decode}. */
final class PayloadForms<I> {
    private final List<Form<?, I>> forms = new ArrayList<>();

    PayloadForms(PayloadType<I> current) {
        add(current, Function.identity());
    }

    <P> void add(PayloadType<P> type, Function<P, I> toInput) {
        forms.add(new Form<>(type, toInput));
    }

    /** One form of a payload: its own type, and how that becomes the handler's. */
    private record Form<P, I>(PayloadType<P> type, Function<P, I> toInput) {
        I read(Json payload) {
            return converted(type.read(payload));
        }

        I readIgnoringUnknownFields(Json payload) {
            return converted(type.readIgnoringUnknownFields(payload));
        }

        private I converted(P payload) {
            try {
                return toInput.apply(payload);
            } catch (RuntimeException e) {
                throw new PayloadException("", String.valueOf(e.getMessage())); // as a record's own refusal is reported
            }
        }
    }

    /** @throws PayloadException when it fits none, with the mistakes in it as the current type */
    I decode(Json payload) {
        Stream<Function<Json, I>> exact = forms.stream().map(form -> form::read);
        Stream<Function<Json, I>> tolerant = forms.stream().map(form -> form::readIgnoringUnknownFields);
        List<PayloadException> refusals = new ArrayList<>();
        for (Function<Json, I> reading : Stream.concat(exact, tolerant).toList()) {
            try {
                return reading.apply(payload);
            } catch (PayloadException e) {
                refusals.add(e);
            }
        }
        throw refusals.get(forms.size()); // of the current type, which unknown fields did not keep it from
    }
}
