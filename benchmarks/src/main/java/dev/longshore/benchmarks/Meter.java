package dev.longshore.benchmarks;

import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context.AfterExecution;
import software.amazon.awssdk.core.interceptor.Context.FailedExecution;
import software.amazon.awssdk.core.interceptor.Context.ModifyRequest;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;
import software.amazon.awssdk.services.sqs.model.SqsRequest;

/**
 * Counts what the clients of DynamoDB and SQS use: capacity units as DynamoDB reports them, indexes included, and requests to
 * SQS. A call that it does not know fails, so that none goes uncounted.
 */
final class Meter implements ExecutionInterceptor {
    private Usage used = Usage.NONE;

    synchronized void count(Charge charge, double amount) {
        used = used.plus(charge, amount);
    }

    synchronized void count(Usage more) {
        used = used.plus(more);
    }

    /** What was used since the last call. */
    synchronized Usage take() {
        Usage taken = used;
        used = Usage.NONE;
        return taken;
    }

    @Override
    public SdkRequest modifyRequest(ModifyRequest context, ExecutionAttributes attributes) {
        ReturnConsumedCapacity total = ReturnConsumedCapacity.TOTAL;
        return switch (context.request()) {
            case PutItemRequest put -> put.copy(request -> request.returnConsumedCapacity(total));
            case UpdateItemRequest update -> update.copy(request -> request.returnConsumedCapacity(total));
            case DeleteItemRequest delete -> delete.copy(request -> request.returnConsumedCapacity(total));
            case TransactWriteItemsRequest write -> write.copy(request -> request.returnConsumedCapacity(total));
            case GetItemRequest get -> get.copy(request -> request.returnConsumedCapacity(total));
            case QueryRequest query -> query.copy(request -> request.returnConsumedCapacity(total));
            case SqsRequest message -> message;
            case SdkRequest other -> throw unknown(other);
        };
    }

    @Override
    public void afterExecution(AfterExecution context, ExecutionAttributes attributes) {
        switch (context.response()) {
            case PutItemResponse put -> write(put.consumedCapacity());
            case UpdateItemResponse update -> write(update.consumedCapacity());
            case DeleteItemResponse delete -> write(delete.consumedCapacity());
            case TransactWriteItemsResponse write -> {
                write.consumedCapacity().forEach(this::write);
                write.consumedCapacity()
                        .forEach(this::write); // a transaction writes twice; DynamoDB Local reports it once
            }
            case GetItemResponse get -> read(get.consumedCapacity());
            case QueryResponse query -> read(query.consumedCapacity());
            default -> count(Charge.SQS_REQUEST, 1);
        }
    }

    /** A condition that does not hold costs what the write would have cost; a usual row's is one unit. */
    @Override
    public void onExecutionFailure(FailedExecution context, ExecutionAttributes attributes) {
        if (context.exception() instanceof ConditionalCheckFailedException) {
            count(Charge.WRITE_UNIT, 1);
        }
    }

    private void write(ConsumedCapacity consumed) {
        count(Charge.WRITE_UNIT, consumed.capacityUnits());
    }

    private void read(ConsumedCapacity consumed) {
        count(Charge.READ_UNIT, consumed.capacityUnits());
    }

    private static IllegalStateException unknown(SdkRequest request) {
        return new IllegalStateException(
                "The meter does not know what " + request.getClass().getSimpleName() + " costs; add it to Meter");
    }
}
