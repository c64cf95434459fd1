package dev.longshore.infra;

import dev.longshore.job.Field;
import dev.longshore.job.aws.JobTable;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.GlobalSecondaryIndexProps;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.ProjectionType;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.dynamodb.WarmThroughput;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.constructs.Construct;

/** What is kept: the table, and the bucket for files and large payloads. */
final class Storage {
    /** What a new on-demand table takes at once ("Initial throughput", DynamoDB Developer Guide). */
    private static final int READS_OF_A_NEW_TABLE = 12_000;

    private static final int WRITES_OF_A_NEW_TABLE = 4_000;

    final Table table;
    final Bucket bucket;

    Storage(Construct scope, LongshoreProps props) {
        RemovalPolicy removal = props.keepsData() ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
        table = Table.Builder.create(scope, "Jobs")
                .partitionKey(attribute(JobTable.PARTITION_KEY, AttributeType.STRING))
                .sortKey(attribute(JobTable.SORT_KEY, AttributeType.STRING))
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .timeToLiveAttribute(JobTable.TIME_TO_LIVE)
                .pointInTimeRecoverySpecification(PointInTimeRecoverySpecification.builder()
                        .pointInTimeRecoveryEnabled(true)
                        .build())
                .warmThroughput(props.warmThroughput().orElse(null))
                .encryption(props.encryption())
                .deletionProtection(props.keepsData())
                .removalPolicy(removal)
                .build();
        table.addGlobalSecondaryIndex(GlobalSecondaryIndexProps.builder()
                .indexName(JobTable.ATTENTION_INDEX)
                .partitionKey(attribute(Field.INDEX.attribute(), AttributeType.STRING))
                .sortKey(attribute(Field.INDEX_AT.attribute(), AttributeType.NUMBER))
                .projectionType(ProjectionType.INCLUDE)
                .nonKeyAttributes(JobTable.INDEX_PROJECTION)
                .build());
        bucket = Bucket.Builder.create(scope, "Files")
                .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                .encryption(BucketEncryption.S3_MANAGED)
                .enforceSsl(true)
                .lifecycleRules(List.of(LifecycleRule.builder()
                        .id("bodies-of-jobs")
                        .prefix("jobs/")
                        .abortIncompleteMultipartUploadAfter(Duration.days(1))
                        .build()))
                .removalPolicy(removal)
                .build();
    }

    /** @throws IllegalArgumentException for less than what a new on-demand table has by itself, which AWS refuses */
    static WarmThroughput warmThroughput(int reads, int writes) {
        if (reads < READS_OF_A_NEW_TABLE || writes < WRITES_OF_A_NEW_TABLE) {
            throw new IllegalArgumentException("warmThroughput takes " + READS_OF_A_NEW_TABLE + " reads and "
                    + WRITES_OF_A_NEW_TABLE + " writes a second or more, which a new table has without it, and got "
                    + reads
                    + " and " + writes);
        }
        return WarmThroughput.builder()
                .readUnitsPerSecond(reads)
                .writeUnitsPerSecond(writes)
                .build();
    }

    /** The index by its own name, so that no statement needs a wildcard. */
    String indexArn() {
        return table.getTableArn() + "/index/" + JobTable.ATTENTION_INDEX;
    }

    private static Attribute attribute(String name, AttributeType type) {
        return Attribute.builder().name(name).type(type).build();
    }
}
