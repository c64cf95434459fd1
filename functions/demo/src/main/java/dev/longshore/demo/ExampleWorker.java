package dev.longshore.demo;

import dev.longshore.job.aws.AwsEngines;
import dev.longshore.task.TaskCatalog;
import dev.longshore.worker.WorkerFunction;

/** The example tasks as a Lambda function, for every pool they name. */
public final class ExampleWorker extends WorkerFunction {
    @Override
    protected void tasks(TaskCatalog tasks) {
        DemoTasks.addTo(tasks, AwsEngines.fileStore(System.getenv()), DemoSettings.fromEnvironment(System.getenv()));
    }
}
