package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.GlobalSecondaryIndexProps;
import software.amazon.awscdk.services.dynamodb.ProjectionType;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.dynamodb.TableEncryption;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class StorageTest {
    private static final String PROJECTED =
            "[\"v\",\"s\",\"t\",\"q\",\"c\",\"d\",\"a\",\"ma\",\"f\",\"wt\",\"pp\",\"ps\",\"et\","
                    + "\"dr\",\"fp\",\"tg\",\"fk\",\"ttl\"]";
    private static final StackTemplate TEMPLATE = StackTemplate.of(StackTemplate.props());
    private static final StackTemplate DISPOSABLE =
            StackTemplate.of(StackTemplate.props().disposable().encryption(TableEncryption.AWS_MANAGED));

    @Test
    void theTableIsPaidByUseAndCanBeRestoredAndDeletesWhatHasExpired() {
        JsonNode table = TEMPLATE.properties("");

        assertThat(table.get("BillingMode").asString()).isEqualTo("PAY_PER_REQUEST");
        assertThat(table.get("PointInTimeRecoverySpecification")
                        .get("PointInTimeRecoveryEnabled")
                        .asBoolean())
                .isTrue();
        assertThat(table.get("TimeToLiveSpecification").toString())
                .isEqualTo("{\"AttributeName\":\"ttl\",\"Enabled\":true}");
    }

    @Test
    void theTablesOneIndexIsTheSparseOneOfJobsThatNeedAttention() {
        JsonNode indexes = TEMPLATE.properties("").get("GlobalSecondaryIndexes");

        assertThat(indexes).hasSize(1);
        assertThat(indexes.get(0).get("IndexName").asString()).isEqualTo("attention");
        assertThat(indexes.get(0).get("Projection").get("ProjectionType").asString())
                .isEqualTo("INCLUDE");
    }

    @Test
    void dataStayWhenTheStackGoesAndTheTableCannotBeDeletedByMistake() {
        for (String kept : new String[] {"", "Files", "FirstKey", "ApiLogs"}) {
            assertThat(TEMPLATE.resource(kept).get("DeletionPolicy").asString())
                    .as(kept)
                    .isEqualTo("Retain");
            assertThat(TEMPLATE.resource(kept).get("UpdateReplacePolicy").asString())
                    .as(kept)
                    .isEqualTo("Retain");
            assertThat(DISPOSABLE.resource(kept).get("DeletionPolicy").asString())
                    .as(kept)
                    .isEqualTo("Delete");
        }
        assertThat(TEMPLATE.properties("").get("DeletionProtectionEnabled").asBoolean())
                .isTrue();
        assertThat(DISPOSABLE.properties("").get("DeletionProtectionEnabled").asBoolean())
                .isFalse();
    }

    @Test
    void aTableIsWarmWhereADeploymentSaysSo() {
        StackTemplate warm = StackTemplate.of(
                StackTemplate.props().storage(StorageSettings.create().warmThroughput(30_000, 16_000)));

        JsonNode units = warm.properties("").get("WarmThroughput");
        assertThat(units.get("ReadUnitsPerSecond").asInt()).isEqualTo(30_000);
        assertThat(units.get("WriteUnitsPerSecond").asInt()).isEqualTo(16_000);
        assertThat(TEMPLATE.properties("").has("WarmThroughput")).isFalse();
    }

    /** As before there was a choice, a deployment of 16 says nothing. */
    @Test
    void everyFunctionKnowsThatADayHas256Shards() {
        StackTemplate many = StackTemplate.of(
                StackTemplate.props().storage(StorageSettings.create().shardsPerDay(256)));

        assertThat(many.propertiesOfAll("AWS::Lambda::Function").stream().filter(StorageTest::isOurs))
                .hasSize(5)
                .allSatisfy(function -> assertThat(variables(function)
                                .get("LONGSHORE_SHARDS_PER_DAY")
                                .asString())
                        .isEqualTo("256"));
        assertThat(many.properties("")).isEqualTo(TEMPLATE.properties(""));
        StackTemplate sixteen = StackTemplate.of(
                StackTemplate.props().storage(StorageSettings.create().shardsPerDay(16)));
        assertThat(sixteen.json()).isEqualTo(TEMPLATE.json());
    }

    private static boolean isOurs(JsonNode function) {
        return variables(function).has("LONGSHORE_TABLE");
    }

    private static JsonNode variables(JsonNode function) {
        return function.path("Environment").path("Variables");
    }

    /** CloudFormation changes one index an update, and a projection never: a change of this list is a new index (ADR 23). */
    @Test
    void theProjectionOfTheAttentionIndexIsSettled() {
        JsonNode projected =
                TEMPLATE.properties("").get("GlobalSecondaryIndexes").get(0).get("Projection");

        assertThat(projected.get("NonKeyAttributes").toString()).isEqualTo(PROJECTED);
    }

    /** The next index (ADR 23): CloudFormation adds it by an update, and neither replaces the table nor touches the first index. */
    @Test
    void aSecondIndexIsAnAdditionToTheSameTable() {
        StackTemplate second = StackTemplate.of(stack -> {
            Longshore longshore = new Longshore(stack, "Jobs", StackTemplate.props());
            ((Table) longshore.getNode().findChild("Jobs"))
                    .addGlobalSecondaryIndex(GlobalSecondaryIndexProps.builder()
                            .indexName("outbox")
                            .partitionKey(Attribute.builder()
                                    .name("ox")
                                    .type(AttributeType.STRING)
                                    .build())
                            .projectionType(ProjectionType.KEYS_ONLY)
                            .build());
        });
        assertThat(second.id("")).isEqualTo(TEMPLATE.id(""));

        ObjectNode table = (ObjectNode) second.properties("").deepCopy();
        ArrayNode indexes = (ArrayNode) table.get("GlobalSecondaryIndexes");
        assertThat(indexes.get(1).get("IndexName").asString()).isEqualTo("outbox");
        indexes.remove(1);
        ArrayNode attributes = (ArrayNode) table.get("AttributeDefinitions");
        assertThat(attributes.get(4).get("AttributeName").asString()).isEqualTo("ox");
        attributes.remove(4);
        assertThat(table).isEqualTo(TEMPLATE.properties(""));
    }

    /** DynamoDB encrypts every table; the choice is whose key it is. */
    @Test
    void theTablesKeyIsTheTeamsChoice() {
        assertThat(TEMPLATE.properties("")
                        .get("SSESpecification")
                        .get("SSEEnabled")
                        .asBoolean())
                .isFalse();
        assertThat(DISPOSABLE
                        .properties("")
                        .get("SSESpecification")
                        .get("SSEEnabled")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void theBucketIsClosedAndEncryptedAndLeavesTheBodiesOfJobsToTheDispatcher() {
        JsonNode bucket = TEMPLATE.properties("Files");

        assertThat(bucket.get("PublicAccessBlockConfiguration"))
                .hasSize(4)
                .allSatisfy(setting -> assertThat(setting.asBoolean()).isTrue());
        assertThat(bucket.get("BucketEncryption").toString()).contains("AES256");
        JsonNode rule = bucket.get("LifecycleConfiguration").get("Rules").get(0);
        assertThat(rule.get("Prefix").asString()).isEqualTo("jobs/");
        assertThat(rule.has("ExpirationInDays"))
                .as("a job can be due in ten years, and needs its payload then")
                .isFalse();
        assertThat(rule.has("AbortIncompleteMultipartUpload")).isTrue();
        assertThat(TEMPLATE.properties("FilesPolicy")
                        .get("PolicyDocument")
                        .get("Statement")
                        .get(0)
                        .toString())
                .contains("\"Deny\"", "\"s3:*\"", "\"aws:SecureTransport\":\"false\"");
    }

    @Test
    void theFirstKeyIsDrawnInTheAccountAndIsInNoTemplate() {
        JsonNode secret = TEMPLATE.properties("FirstKey");

        assertThat(secret.has("SecretString")).isFalse();
        assertThat(secret.get("GenerateSecretString").get("GenerateStringKey").asString())
                .isEqualTo("secret");
        assertThat(secret.get("GenerateSecretString").get("PasswordLength").asInt())
                .as("characters of 62, so that it has 256 bits")
                .isEqualTo(43);
    }

    @Test
    void everythingThatCanBeTaggedIsTaggedForCostAllocation() {
        StackTemplate template = StackTemplate.of(StackTemplate.props().tag("team", "video"));

        for (String type :
                new String[] {"AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::Lambda::Function", "AWS::S3::Bucket"}) {
            assertThat(template.propertiesOfAll(type))
                    .isNotEmpty()
                    .allSatisfy(properties -> assertThat(properties.get("Tags").toString())
                            .contains(
                                    "{\"Key\":\"longshore\",\"Value\":\"Jobs\"}",
                                    "{\"Key\":\"team\",\"Value\":\"video\"}"));
        }
    }
}
