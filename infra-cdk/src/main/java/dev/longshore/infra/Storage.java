package dev.longshore.infra;

import dev.longshore.job.DayShards;
import dev.longshore.job.Field;
import dev.longshore.job.aws.JobTable;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.GlobalSecondaryIndexProps;
import software.amazon.awscdk.services.dynamodb.ITable;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.ProjectionType;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.dynamodb.TableEncryption;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.IBucket;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.constructs.Construct;

/** What is kept: the table, and the bucket for files and large payloads. */
final class Storage {
    final ITable table;
    final IBucket bucket;
    final DayShards shards;
    private final Optional<IKey> key;

    Storage(Construct scope, LongshoreProps props) {
        StorageSettings settings = props.storage();
        key = settings.key();
        shards = settings.shardsPerDay();
        table = settings.table().orElseGet(() -> table(scope, props));
        bucket = settings.bucket().orElseGet(() -> bucket(scope, props));
        key.ifPresent(own -> allowLogs(scope, own));
    }

    private Table table(Construct scope, LongshoreProps props) {
        Table.Builder builder = Table.Builder.create(scope, "Jobs")
                .partitionKey(attribute(JobTable.PARTITION_KEY, AttributeType.STRING))
                .sortKey(attribute(JobTable.SORT_KEY, AttributeType.STRING))
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .timeToLiveAttribute(JobTable.TIME_TO_LIVE)
                .pointInTimeRecoverySpecification(PointInTimeRecoverySpecification.builder()
                        .pointInTimeRecoveryEnabled(true)
                        .build())
                .warmThroughput(props.storage().warmThroughput().orElse(null))
                .encryption(key.isPresent() ? TableEncryption.CUSTOMER_MANAGED : props.encryption())
                .deletionProtection(props.keepsData())
                .removalPolicy(props.removalPolicy());
        key.ifPresent(builder::encryptionKey);
        Table made = builder.build();
        made.addGlobalSecondaryIndex(GlobalSecondaryIndexProps.builder()
                .indexName(JobTable.ATTENTION_INDEX)
                .partitionKey(attribute(Field.INDEX.attribute(), AttributeType.STRING))
                .sortKey(attribute(Field.INDEX_AT.attribute(), AttributeType.NUMBER))
                .projectionType(ProjectionType.INCLUDE)
                .nonKeyAttributes(JobTable.INDEX_PROJECTION)
                .build());
        return made;
    }

    private Bucket bucket(Construct scope, LongshoreProps props) {
        Bucket.Builder builder = Bucket.Builder.create(scope, "Files")
                .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                .encryption(key.isPresent() ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED)
                .enforceSsl(true)
                .lifecycleRules(List.of(LifecycleRule.builder()
                        .id("bodies-of-jobs")
                        .prefix("jobs/")
                        .abortIncompleteMultipartUploadAfter(Duration.days(1))
                        .build()))
                .removalPolicy(props.removalPolicy());
        // a key for the bucket's objects of some minutes, in place of a call to KMS for each ("S3 Bucket Keys")
        key.ifPresent(own -> builder.encryptionKey(own).bucketKeyEnabled(true));
        return builder.build();
    }

    /** CloudWatch Logs uses a key in its own name ("Encrypt log data in CloudWatch Logs using KMS"). */
    private static void allowLogs(Construct scope, IKey key) {
        Stack stack = Stack.of(scope);
        boolean added = key.addToResourcePolicy(PolicyStatement.Builder.create()
                        .principals(
                                List.of(new ServicePrincipal("logs." + stack.getRegion() + "." + stack.getUrlSuffix())))
                        .actions(List.of(
                                "kms:Decrypt*",
                                "kms:Describe*",
                                "kms:Encrypt*",
                                "kms:GenerateDataKey*",
                                "kms:ReEncrypt*"))
                        .resources(List.of("*"))
                        .conditions(Map.of(
                                "ArnLike",
                                Map.of(
                                        "kms:EncryptionContext:aws:logs:arn",
                                        "arn:" + stack.getPartition() + ":logs:" + stack.getRegion() + ":"
                                                + stack.getAccount() + ":*")))
                        .build())
                .getStatementAdded();
        if (!added) {
            Annotations.of(scope)
                    .addWarningV2(
                            "longshore:keyPolicy",
                            "The key of storage is imported, so its policy has to allow CloudWatch Logs to use it, or log"
                                    + " groups cannot be made; docs/construct.md has the statement");
        }
    }

    /** The keys that the roles have to be allowed to use: the one for all data, and those of a table or bucket that was there. */
    Set<String> keyArns() {
        Set<String> arns = new LinkedHashSet<>();
        key.ifPresent(own -> arns.add(own.getKeyArn()));
        Stream.of(Optional.ofNullable(table.getEncryptionKey()), Optional.ofNullable(bucket.getEncryptionKey()))
                .flatMap(Optional::stream)
                .forEach(own -> arns.add(own.getKeyArn()));
        return arns;
    }

    /** The index by its own name, so that no statement needs a wildcard. */
    String indexArn() {
        return table.getTableArn() + "/index/" + JobTable.ATTENTION_INDEX;
    }

    private static Attribute attribute(String name, AttributeType type) {
        return Attribute.builder().name(name).type(type).build();
    }
}
