package dev.longshore.reliability;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;
import org.pitest.mutationtest.environment.TransformationPlugin;
import org.pitest.reloc.asm.ClassReader;
import org.pitest.reloc.asm.ClassWriter;

/**
 * Lets PIT put a changed class in the place of one that is loaded. ASM numbers a class's constants in another order than
 * javac, and then Temurin 25.0.3 refuses a record that has annotated components: "attempted to change the class NestHost,
 * NestMembers, Record, or PermittedSubclasses attribute", which ends the process that runs the tests. So each class is
 * loaded as ASM writes it, under the numbers that it has when it is changed.
 */
public final class MutableRecords implements TransformationPlugin {
    @Override
    public ClassFileTransformer makeMutationTransformer() {
        return new ClassFileTransformer() {
            @Override
            public byte @Nullable [] transform(
                    ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain, byte[] bytes) {
                if (name == null || !name.startsWith("dev/longshore/job/")) {
                    return null;
                }
                ClassWriter written = new ClassWriter(0);
                new ClassReader(bytes).accept(written, 0);
                return written.toByteArray();
            }
        };
    }

    @Override
    public @Nullable ClassFileTransformer makeCoverageTransformer() {
        return null;
    }

    @Override
    public String description() {
        return "Records can be changed in place";
    }
}
