package dev.longshore.infra;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.services.sns.ITopic;

/**
 * Where alarms are sent and at which number each rings, for {@link LongshoreProps#alarms}. Immutable; each method returns a
 * changed copy.
 *
 * <p>An alarm's name is that of {@code docs/deploying.md}: {@code OldestJob} is of all pools, {@code OldestJob-heavy} of one.
 */
public final class AlarmSettings {
    static final AlarmSettings NONE = new AlarmSettings(List.of(), Map.of(), Map.of());

    private final List<ITopic> topics;
    private final Map<String, List<ITopic>> topicsByAlarm;
    private final Map<String, Double> thresholds;

    private AlarmSettings(
            List<ITopic> topics, Map<String, List<ITopic>> topicsByAlarm, Map<String, Double> thresholds) {
        this.topics = topics;
        this.topicsByAlarm = topicsByAlarm;
        this.thresholds = thresholds;
    }

    /** Settings in which nothing is set. */
    public static AlarmSettings create() {
        return NONE;
    }

    /** A topic for every alarm, beside those given before; an alarm takes five ("CloudWatch quotas"). */
    public AlarmSettings topic(ITopic topic) {
        return new AlarmSettings(added(topics, topic), topicsByAlarm, thresholds);
    }

    /** A topic for one alarm, beside those for every alarm: a pager for {@code OldestJob-payments}. */
    public AlarmSettings topic(String alarm, ITopic topic) {
        Map<String, List<ITopic>> more = new LinkedHashMap<>(topicsByAlarm);
        more.put(alarm, added(topicsByAlarm.getOrDefault(alarm, List.of()), topic));
        return new AlarmSettings(topics, more, thresholds);
    }

    /**
     * The number at which an alarm rings, in its own unit: seconds of an age, or a count in its period. {@code MissingTick} alone
     * rings below it. One pool's or function's wins over that of the kind.
     */
    public AlarmSettings threshold(String alarm, double number) {
        if (number <= 0) {
            throw new IllegalArgumentException("The threshold of the alarm " + alarm + " takes more than 0, and got "
                    + number + ", at which it would ring always");
        }
        Map<String, Double> more = new LinkedHashMap<>(thresholds);
        more.put(alarm, number);
        return new AlarmSettings(topics, topicsByAlarm, more);
    }

    /** Every topic of an alarm. */
    List<ITopic> topics(String alarm) {
        List<ITopic> all = new ArrayList<>(topics);
        all.addAll(topicsByAlarm.getOrDefault(kind(alarm), List.of()));
        if (!kind(alarm).equals(alarm)) {
            all.addAll(topicsByAlarm.getOrDefault(alarm, List.of()));
        }
        return all;
    }

    double thresholdOr(String alarm, double usual) {
        return Optional.ofNullable(thresholds.get(alarm))
                .or(() -> Optional.ofNullable(thresholds.get(kind(alarm))))
                .orElse(usual);
    }

    /** @throws IllegalArgumentException when a setting names an alarm that there is not; it names those that there are */
    void requireNamesOf(Collection<String> alarms) {
        List<String> named = new ArrayList<>(thresholds.keySet());
        named.addAll(topicsByAlarm.keySet());
        for (String name : named) {
            if (alarms.stream()
                    .noneMatch(alarm -> alarm.equals(name) || kind(alarm).equals(name))) {
                throw new IllegalArgumentException("There is no alarm " + name + "; there are "
                        + String.join(", ", alarms) + ", and each kind by the name before its first hyphen");
            }
        }
    }

    /** The part before the first hyphen: {@code OldestJob} of {@code OldestJob-heavy}. */
    static String kind(String alarm) {
        return alarm.split("-", 2)[0];
    }

    private static List<ITopic> added(List<ITopic> list, ITopic topic) {
        List<ITopic> more = new ArrayList<>(list);
        more.add(topic);
        return more;
    }
}
