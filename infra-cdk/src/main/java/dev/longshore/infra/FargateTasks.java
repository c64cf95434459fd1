package dev.longshore.infra;

import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.services.ec2.IVpc;

/**
 * The containers that run a pool's jobs on Fargate, for work beyond a function's 15 minutes or 10 GB. Immutable; each method
 * returns a changed copy.
 *
 * <pre>{@code
 * WorkerPool.named("encode").onFargate(FargateTasks.of(4_096, 16_384, 20).spot().vpc(vpc))
 * }</pre>
 */
public final class FargateTasks {
    /** Amazon's Java, with a shell for the health check and without what a server has no use for. */
    static final String BASE_IMAGE = "public.ecr.aws/amazoncorretto/amazoncorretto:25-al2023-headless";

    private static final int CPU_UNITS_OF_A_VCPU = 1_024;
    private static final int GIB = 1_024;

    private final int cpu;
    private final int memoryMiB;
    private final int maxTasks;
    private final boolean spot;
    private final @Nullable Integer concurrency;
    private final @Nullable IVpc vpc;
    private final String baseImage;

    private FargateTasks(
            int cpu,
            int memoryMiB,
            int maxTasks,
            boolean spot,
            @Nullable Integer concurrency,
            @Nullable IVpc vpc,
            String baseImage) {
        this.cpu = cpu;
        this.memoryMiB = memoryMiB;
        this.maxTasks = maxTasks;
        this.spot = spot;
        this.concurrency = concurrency;
        this.vpc = vpc;
        this.baseImage = baseImage;
    }

    /**
     * @param cpu of one container in units of 1/1,024 vCPU: 256 to 16,384
     * @param memoryMiB of one container; which go with a cpu is in "Task CPU and memory", Amazon ECS Developer Guide
     * @param maxTasks how many containers run at most: 1 to 1,000
     */
    public static FargateTasks of(int cpu, int memoryMiB, int maxTasks) {
        return new FargateTasks(cpu, memoryMiB, maxTasks, false, null, null, BASE_IMAGE);
    }

    /**
     * Spot capacity, for less than half of the price. AWS takes a container away with two minutes' notice; its jobs are given
     * back without an attempt used up, and start again on another one.
     */
    public FargateTasks spot() {
        return new FargateTasks(cpu, memoryMiB, maxTasks, true, concurrency, vpc, baseImage);
    }

    /** How many jobs a container runs at once: 1 to 1,000. One a vCPU when not set, as far as its memory has it. */
    public FargateTasks concurrency(int jobs) {
        return new FargateTasks(cpu, memoryMiB, maxTasks, spot, jobs, vpc, baseImage);
    }

    /**
     * Where containers run: the private subnets of this VPC, which need a NAT gateway or VPC endpoints to reach AWS; its public
     * ones where it has no private ones. When not set, the network of {@link WorkerPool#function}; without that one too, the
     * construct makes a VPC with public subnets, which costs nothing.
     */
    public FargateTasks vpc(IVpc vpc) {
        return new FargateTasks(cpu, memoryMiB, maxTasks, spot, concurrency, vpc, baseImage);
    }

    /** The image on which the worker's jar is put: it has {@code java} 25 for arm64 (for x86_64 with {@link
     * FunctionSettings#x86}), {@code sh} and {@code date}. */
    public FargateTasks baseImage(String image) {
        return new FargateTasks(cpu, memoryMiB, maxTasks, spot, concurrency, vpc, image);
    }

    int cpu() {
        return cpu;
    }

    int memoryMiB() {
        return memoryMiB;
    }

    int maxTasks() {
        return maxTasks;
    }

    boolean isSpot() {
        return spot;
    }

    Optional<IVpc> vpc() {
        return Optional.ofNullable(vpc);
    }

    String baseImage() {
        return baseImage;
    }

    /**
     * How many jobs a container runs at once.
     *
     * @param inMemory how many runs of the hungriest task its memory has room for
     */
    int concurrencyWith(int inMemory) {
        int derived = Math.clamp(inMemory, 1, Math.max(1, cpu / CPU_UNITS_OF_A_VCPU));
        return concurrency == null ? derived : concurrency;
    }

    /** Whether Fargate has containers of this size ("Task CPU and memory", Amazon ECS Developer Guide). */
    boolean isASizeOfFargate() {
        return switch (cpu) {
            case 256 -> memoryMiB == 512 || memoryMiB == GIB || memoryMiB == 2 * GIB;
            case 512 -> isStep(1, 4, 1);
            case 1_024 -> isStep(2, 8, 1);
            case 2_048 -> isStep(4, 16, 1);
            case 4_096 -> isStep(8, 30, 1);
            case 8_192 -> isStep(16, 60, 4);
            case 16_384 -> isStep(32, 120, 8);
            default -> false;
        };
    }

    private boolean isStep(int leastGiB, int mostGiB, int stepGiB) {
        return IntStream.iterate(leastGiB, size -> size <= mostGiB, size -> size + stepGiB)
                .anyMatch(size -> size * GIB == memoryMiB);
    }
}
