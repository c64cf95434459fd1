package dev.longshore.infra;

import java.util.Map;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.applicationautoscaling.AdjustmentTier;
import software.amazon.awscdk.services.applicationautoscaling.AdjustmentType;
import software.amazon.awscdk.services.applicationautoscaling.MetricAggregationType;
import software.amazon.awscdk.services.applicationautoscaling.ScalableTarget;
import software.amazon.awscdk.services.applicationautoscaling.ServiceNamespace;
import software.amazon.awscdk.services.applicationautoscaling.StepScalingAction;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.ApplicationScalingAction;
import software.amazon.awscdk.services.ecs.FargateService;
import software.amazon.awscdk.services.iam.Role;
import software.constructs.Construct;

/**
 * Sets how many containers a pool on Fargate has: none while its queue is empty, and more the more messages wait.
 *
 * <p>Messages wait because no slot is free, so {@code waiting / slots of a container} is the number of missing containers.
 * The pool scales in only when nothing waits and nothing is in flight, so that no running container is stopped, and no job
 * of hours starts again because others have ended.
 */
final class FargateScaling {
    /** The most steps of a policy ("Application Auto Scaling quotas"). */
    private static final int MOST_STEPS = 20;

    /** Until started containers have taken what waits: the image is pulled, and the JVM starts. */
    private static final Duration UNTIL_STARTED = Duration.minutes(3);

    private static final Duration MINUTE = Duration.minutes(1);
    private static final int IDLE_MINUTES = 5;

    private final Construct scope;
    private final PoolQueues pool;
    private final FargateTasks containers;
    private final ScalableTarget target;

    FargateScaling(Construct scope, PoolQueues pool, FargateTasks containers, FargateService service) {
        this.scope = scope;
        this.pool = pool;
        this.containers = containers;
        this.target = ScalableTarget.Builder.create(scope, id("Scaling"))
                .serviceNamespace(ServiceNamespace.ECS)
                .resourceId("service/" + service.getCluster().getClusterName() + "/" + service.getServiceName())
                .scalableDimension("ecs:service:DesiredCount")
                .minCapacity(0)
                .maxCapacity(containers.maxTasks())
                .role(Role.fromRoleArn(scope, id("ScalingRole"), serviceLinkedRole()))
                .build();
    }

    void byBacklog() {
        out();
        in();
    }

    private void out() {
        StepScalingAction more = StepScalingAction.Builder.create(scope, id("ScaleOut"))
                .scalingTarget(target)
                .adjustmentType(AdjustmentType.CHANGE_IN_CAPACITY)
                .metricAggregationType(MetricAggregationType.MAXIMUM)
                .cooldown(UNTIL_STARTED)
                .build();
        int containersAStep = Math.ceilDiv(containers.maxTasks(), MOST_STEPS);
        int messagesAStep = containersAStep * pool.pool.batchSize();
        int steps = Math.ceilDiv(containers.maxTasks(), containersAStep);
        for (int step = 0; step < steps; step++) {
            AdjustmentTier.Builder tier = AdjustmentTier.builder()
                    .adjustment(Math.min(containers.maxTasks(), (step + 1) * containersAStep))
                    .lowerBound(step * messagesAStep);
            if (step < steps - 1) {
                tier.upperBound((step + 1) * messagesAStep);
            }
            more.addAdjustment(tier.build());
        }
        Alarm.Builder.create(scope, id("Waiting"))
                .alarmDescription("Longshore: starts containers for what waits in the pool " + pool.pool.name())
                .metric(pool.queue.metricApproximateNumberOfMessagesVisible(eachMinute()))
                .threshold(1)
                .evaluationPeriods(1)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
                .treatMissingData(TreatMissingData.NOT_BREACHING)
                .build()
                .addAlarmAction(new ApplicationScalingAction(more));
    }

    private void in() {
        StepScalingAction none = StepScalingAction.Builder.create(scope, id("ScaleIn"))
                .scalingTarget(target)
                .adjustmentType(AdjustmentType.EXACT_CAPACITY)
                .build();
        none.addAdjustment(AdjustmentTier.builder().adjustment(0).upperBound(0).build());
        IMetric unfinished = MathExpression.Builder.create()
                .expression("waiting + inFlight")
                .usingMetrics(Map.of(
                        "waiting", pool.queue.metricApproximateNumberOfMessagesVisible(eachMinute()),
                        "inFlight", pool.queue.metricApproximateNumberOfMessagesNotVisible(eachMinute())))
                .period(MINUTE)
                .build();
        Alarm.Builder.create(scope, id("Idle"))
                .alarmDescription("Longshore: stops the containers of the pool " + pool.pool.name() + ", which is idle")
                .metric(unfinished)
                .threshold(0)
                .evaluationPeriods(IDLE_MINUTES)
                .comparisonOperator(ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD)
                .treatMissingData(TreatMissingData.IGNORE) // no metric is no sign that no job runs
                .build()
                .addAlarmAction(new ApplicationScalingAction(none));
    }

    private static MetricOptions eachMinute() {
        return MetricOptions.builder().period(MINUTE).statistic("Maximum").build();
    }

    /** Made by AWS in the account when the first service is scaled. */
    private String serviceLinkedRole() {
        return Stack.of(scope)
                .formatArn(ArnComponents.builder()
                        .service("iam")
                        .region("")
                        .resource("role/aws-service-role/ecs.application-autoscaling.amazonaws.com")
                        .resourceName("AWSServiceRoleForApplicationAutoScaling_ECSService")
                        .build());
    }

    private String id(String what) {
        return what + "-" + pool.pool.name();
    }
}
