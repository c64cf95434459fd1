package dev.longshore.local;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import dev.longshore.job.aws.AwsEngines;
import dev.longshore.job.aws.CallTimeouts;
import java.security.MessageDigest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The arrows of the design: {@code task ← job ← {api, worker, keeper} ← local}. */
class ArchitectureTest {
    private static final JavaClasses LONGSHORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.longshore");

    private static LayeredArchitecture arrows() {
        return layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("task")
                .definedBy("dev.longshore.task..")
                .layer("job")
                .definedBy("dev.longshore.job..")
                .layer("api")
                .definedBy("dev.longshore.api..")
                .layer("worker")
                .definedBy("dev.longshore.worker..")
                .layer("keeper")
                .definedBy("dev.longshore.keeper..")
                .layer("examples")
                .definedBy("dev.longshore.examples..")
                .layer("local")
                .definedBy("dev.longshore.local..")
                .whereLayer("task")
                .mayNotAccessAnyLayer()
                .whereLayer("job")
                .mayOnlyAccessLayers("task")
                .whereLayer("api")
                .mayOnlyAccessLayers("job", "task")
                .whereLayer("worker")
                .mayOnlyAccessLayers("job", "task")
                .whereLayer("keeper")
                .mayOnlyAccessLayers("job", "task")
                // it is in the place of a team's own code
                .whereLayer("examples")
                .mayOnlyAccessLayers("task", "worker")
                // or a team's project would have them on its path
                .whereLayer("examples")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("local")
                .mayNotBeAccessedByAnyLayer();
    }

    @Test
    void theArrowsBetweenThePackagesPointInOneDirection() {
        arrows().check(LONGSHORE);
    }

    @Test
    void aForbiddenArrowWouldBeSeen() {
        ArchRule reversed = arrows().whereLayer("job").mayNotAccessAnyLayer();

        assertThatThrownBy(() -> reversed.check(LONGSHORE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("dev.longshore.task");
    }

    /** A comparison that ends at the first difference shows how much of a guess was right. */
    @Test
    void secretsAreComparedInConstantTime() {
        for (String comparing : List.of("dev.longshore.api.Authenticator", "dev.longshore.api.Cursors")) {
            classes()
                    .that()
                    .haveFullyQualifiedName(comparing)
                    .should()
                    .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class)
                    .check(LONGSHORE);
        }
    }

    @Test
    void everyPackageIsThere() {
        assertThat(Stream.of("task", "job", "api", "worker", "keeper", "examples", "local")
                        .filter(name -> LONGSHORE.stream()
                                .anyMatch(type -> type.getPackageName().equals("dev.longshore." + name))))
                .hasSize(7);
    }

    /** A package under {@code job} can be read after those that it uses. */
    @Test
    void thePackagesOfJobsUseEachOtherInOneDirection() {
        slices().matching("dev.longshore.(**)").should().beFreeOfCycles().check(LONGSHORE);
    }

    @Test
    void onlyTheAwsFormsOfJobsSpeakToAws() {
        noClasses()
                .that()
                .resideInAPackage("dev.longshore..")
                .and()
                .resideOutsideOfPackages(
                        "dev.longshore.job.aws..",
                        "dev.longshore.local..",
                        "dev.longshore.memory..",
                        "dev.longshore.infra..",
                        "dev.longshore.reliability..",
                        "dev.longshore.benchmarks..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon.awssdk..")
                .check(LONGSHORE);
    }

    @Test
    void storesCallDynamoDbThroughTheirTable() {
        noClasses()
                .that()
                .resideInAPackage("dev.longshore.job..")
                .and()
                .doNotHaveSimpleName("Table")
                .and()
                .doNotHaveSimpleName("JobTable") // makes the table
                .and()
                .doNotHaveSimpleName("SnapStartHooks") // reads once with a header that closes the connection
                .should()
                .callMethodWhere(
                        target(owner(assignableTo(DynamoDbClient.class))).and(not(target(nameMatching("builder")))))
                .check(LONGSHORE);
    }

    /** The SDK's own defaults wait 30 s for each of nine tries. */
    @Test
    void everyClientOfAwsIsBuiltWhereItGetsItsTimeouts() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(AwsEngines.class, LocalEngines.class)
                .should()
                .callMethodWhere(
                        target(owner(assignableTo(SdkClient.class))).and(target(nameMatching("builder|create"))))
                .check(LONGSHORE);
        noClasses()
                .that()
                .doNotBelongToAnyOf(CallTimeouts.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("software.amazon.awssdk.http.urlconnection")
                .check(LONGSHORE);
    }

    @Test
    void noPackageIsADrawerForOddsAndEnds() {
        classes()
                .should()
                .resideOutsideOfPackages(
                        "..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..manager..")
                .check(LONGSHORE);
    }
}
