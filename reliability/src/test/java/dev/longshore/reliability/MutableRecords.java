package dev.longshore.reliability;

import java.lang.instrument.ClassFileTransformer;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;
import org.pitest.mutationtest.environment.TransformationPlugin;
import org.pitest.reloc.asm.ClassReader;
import org.pitest.reloc.asm.ClassWriter;

/**
 * Lets PIT put a changed record in the place of one that is loaded. HotSpot compares the bytes of the annotations on its
 * components, which name entries of the constant pool; ASM numbers those in another order than javac, so a record with a
 * component that may be null was "attempted to change" and ended the process that ran the tests. Loaded as ASM writes it,
 * it has the same numbers.
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
