package dev.longshore.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.dynamodb.TableAttributes;
import software.amazon.awscdk.services.dynamodb.TableEncryption;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.s3.Bucket;
import tools.jackson.databind.JsonNode;

/** A key of the account's own for all data, and a table and a bucket that are there already. */
class StorageSettingsTest {
    private static final List<String> FUNCTIONS =
            List.of("Api", "Worker-default", "Worker-heavy", "DeadLetters", "Dispatcher");
    private static final String KEY = "arn:aws:kms:eu-central-1:111122223333:key/of-the-table";

    private static final StackTemplate OWN_KEY = StackTemplate.of(stack -> new Longshore(
            stack,
            "Jobs",
            StackTemplate.props().storage(StorageSettings.create().key(new Key(stack, "Own")))));
    private static final StackTemplate ADOPTED = StackTemplate.of(stack -> new Longshore(
            stack,
            "Jobs",
            StackTemplate.props()
                    .storage(StorageSettings.create()
                            .table(Table.fromTableAttributes(
                                    stack,
                                    "Restored",
                                    TableAttributes.builder()
                                            .tableName("jobs-restored")
                                            .encryptionKey(Key.fromKeyArn(stack, "TablesKey", KEY))
                                            .build()))
                            .bucket(Bucket.fromBucketName(stack, "Kept", "jobs-files")))));

    @Test
    void ownKeyEncryptsTableQueuesBucketLogsAndFirstKey() {
        assertThat(OWN_KEY.properties("").get("SSESpecification").toString()).contains("KMS", "Own");
        assertThat(OWN_KEY.propertiesOfAll("AWS::SQS::Queue"))
                .hasSize(4)
                .allSatisfy(queue ->
                        assertThat(queue.get("KmsMasterKeyId").toString()).contains("Own"));
        assertThat(OWN_KEY.properties("Files").get("BucketEncryption").toString())
                .contains("aws:kms", "Own", "\"BucketKeyEnabled\":true");
        assertThat(OWN_KEY.propertiesOfAll("AWS::Logs::LogGroup"))
                .as("of five functions, and the access log")
                .hasSize(6)
                .allSatisfy(log -> assertThat(log.get("KmsKeyId").toString()).contains("Own"));
        assertThat(OWN_KEY.properties("FirstKey").get("KmsKeyId").toString()).contains("Own");
    }

    @Test
    void everyRoleMayUseTheKeyAndLogsMayForThisAccountsGroups() {
        for (String function : FUNCTIONS) {
            assertThat(OWN_KEY.properties(function + "RoleDefaultPolicy").toString())
                    .as(function)
                    .contains("kms:GenerateDataKey", "kms:Decrypt", "Own");
        }
        JsonNode policy = OWN_KEY.propertiesOfAll("AWS::KMS::Key").getFirst().get("KeyPolicy");
        assertThat(policy.toString()).contains("\"Service\"", "logs.", "kms:EncryptionContext:aws:logs:arn", ":logs:");
    }

    /** CDK cannot write into the policy of a key that it does not make; without the statement no log group is made. */
    @Test
    @SuppressWarnings("deprecation") // the CDK has no other method yet that reads annotations
    void importedKeyIsWarnedOf() {
        App app = new App(StackTemplate.appProps());
        Stack stack = new Stack(app, "Longshore");
        new Longshore(
                stack,
                "Jobs",
                StackTemplate.props().storage(StorageSettings.create().key(Key.fromKeyArn(stack, "Imported", KEY))));

        assertThat(app.synth().getStackByName("Longshore").getMessages())
                .extracting(message -> String.valueOf(message.getEntry().getData()))
                .anyMatch(text -> text.contains("has to allow CloudWatch Logs to use it"));
    }

    @Test
    void restoredTableAndAnExistingBucketAreAdoptedWithTheirIndexAndKey() {
        assertThat(ADOPTED.ofType("AWS::DynamoDB::Table")).isEmpty();
        assertThat(ADOPTED.ofType("AWS::S3::Bucket")).isEmpty();
        for (String function : FUNCTIONS) {
            JsonNode variables = ADOPTED.properties(function).get("Environment").get("Variables");
            assertThat(variables.get("LONGSHORE_TABLE").asString()).isEqualTo("jobs-restored");
            assertThat(variables.get("LONGSHORE_BUCKET").asString()).isEqualTo("jobs-files");
            String policy = ADOPTED.properties(function + "RoleDefaultPolicy").toString();
            assertThat(policy).as(function).contains(":table/jobs-restored", ":s3:::jobs-files/*", KEY);
        }
        assertThat(ADOPTED.properties("ApiRoleDefaultPolicy").toString())
                .contains(":table/jobs-restored/index/attention");
    }

    @Test
    void encryptionThatContradictsAKeyOrATableStopsTheSynthesis() {
        StackTemplate.of(stack -> {
            refused(
                    StackTemplate.props()
                            .encryption(TableEncryption.AWS_MANAGED)
                            .storage(StorageSettings.create().key(new Key(stack, "Own"))),
                    "encryption (AWS_MANAGED) and a key in storage name two keys");
            refused(
                    StackTemplate.props()
                            .encryption(TableEncryption.CUSTOMER_MANAGED)
                            .storage(StorageSettings.create()
                                    .table(Table.fromTableName(stack, "Restored", "jobs-restored"))),
                    "encryption (CUSTOMER_MANAGED) is of a table that the construct makes");
        });
    }

    private static void refused(LongshoreProps props, String says) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StackTemplate.of(props))
                .withMessageContaining(says);
    }
}
