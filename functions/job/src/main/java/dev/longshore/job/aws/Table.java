package dev.longshore.job.aws;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * Reads and writes the table. The first argument of each method says what its call is for; the {@link
 * dev.longshore.job.StoreUnavailableException} of a call that failed says it. Conditions and changes are functions that write into the request's
 * {@link Expression}: {@code table.put("Pausing", item, when -> when.isNew())}.
 */
final class Table {
    private final DynamoDbClient dynamoDb;
    private final String name;

    Table(DynamoDbClient dynamoDb, String name) {
        this.dynamoDb = dynamoDb;
        this.name = name;
    }

    /** The outcome of a conditional write. */
    sealed interface Answer {
        /** The condition held. The item is as it is now. */
        record Written(Item item) implements Answer {}

        /** The condition did not hold, and nothing was written. The item is as it is; empty when there is none. */
        record Refused(Optional<Item> item) implements Answer {}

        default boolean isWritten() {
            return this instanceof Written;
        }
    }

    // ---- reading

    /** Reads an item, consistently. */
    Optional<Item> get(String what, Item key) {
        return item(Calls.make(
                        what,
                        () -> dynamoDb.getItem(
                                get -> get.tableName(name).key(key.attributes()).consistentRead(true)))
                .item());
    }

    /** Reads one page. */
    Found query(String what, ItemQuery query) {
        QueryResponse response = Calls.make(what, () -> dynamoDb.query(query.request(name)));
        return new Found(
                response.items().stream().map(Item::new).toList(),
                item(response.lastEvaluatedKey()).orElse(null));
    }

    /** Reads page after page until the end. */
    Found all(String what, ItemQuery query) {
        return first(what, query, Integer.MAX_VALUE);
    }

    /** The first items, at most so many: reads page after page until they are found. There is no next page. */
    Found first(String what, ItemQuery query, int most) {
        List<Item> items = new ArrayList<>();
        Found page;
        do {
            page = query(what, query);
            items.addAll(page.items());
            query.startAfter(page.last());
        } while (page.last() != null && items.size() < most);
        return new Found(items.subList(0, Math.min(most, items.size())), null);
    }

    // ---- writing

    /** Writes an item, whatever is there. */
    void put(String what, Item item) {
        Calls.make(what, () -> dynamoDb.putItem(put -> put.tableName(name).item(item.attributes())));
    }

    Answer put(String what, Item item, Function<Expression, String> when) {
        Expression expression = new Expression();
        String condition = when.apply(expression);
        return answer(what, () -> {
            dynamoDb.putItem(put -> put.tableName(name)
                    .item(item.attributes())
                    .conditionExpression(condition)
                    .expressionAttributeNames(expression.names())
                    .expressionAttributeValues(expression.values())
                    .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
            return item;
        });
    }

    /** Changes an item, or makes it of its key and the change when it is not there. */
    void update(String what, Item key, Function<Expression, String> change) {
        Expression expression = new Expression();
        String update = change.apply(expression);
        Calls.make(
                what,
                () -> dynamoDb.updateItem(request -> request.tableName(name)
                        .key(key.attributes())
                        .updateExpression(update)
                        .expressionAttributeNames(expression.names())
                        .expressionAttributeValues(expression.values())));
    }

    Answer update(String what, Item key, Function<Expression, String> change, Function<Expression, String> when) {
        Expression expression = new Expression();
        String update = change.apply(expression);
        String condition = when.apply(expression);
        return answer(
                what,
                () -> new Item(dynamoDb.updateItem(request -> request.tableName(name)
                                .key(key.attributes())
                                .updateExpression(update)
                                .conditionExpression(condition)
                                .expressionAttributeNames(expression.names())
                                .expressionAttributeValues(expression.values())
                                .returnValues(ReturnValue.ALL_NEW)
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                        .attributes()));
    }

    private static Answer answer(String what, Supplier<Item> write) {
        try {
            return new Answer.Written(Calls.make(what, write));
        } catch (ConditionalCheckFailedException e) {
            return new Answer.Refused(item(e.item()));
        }
    }

    // ---- deleting

    /** Deletes an item if it is there. */
    void delete(String what, Item key) {
        Calls.make(
                what, () -> dynamoDb.deleteItem(delete -> delete.tableName(name).key(key.attributes())));
    }

    /** Whether the condition held and the item was deleted. */
    boolean delete(String what, Item key, Function<Expression, String> when) {
        Expression expression = new Expression();
        String condition = when.apply(expression);
        return answer(what, () -> {
                    dynamoDb.deleteItem(delete -> delete.tableName(name)
                            .key(key.attributes())
                            .conditionExpression(condition)
                            .expressionAttributeNames(expression.names())
                            .expressionAttributeValues(expression.values()));
                    return key;
                })
                .isWritten();
    }

    /** Deletes an item and returns it as it was; empty when it was not there. */
    Optional<Item> take(String what, Item key) {
        return item(Calls.make(
                        what,
                        () -> dynamoDb.deleteItem(delete ->
                                delete.tableName(name).key(key.attributes()).returnValues(ReturnValue.ALL_OLD)))
                .attributes());
    }

    /** The item of an answer, which has no attributes when there is none. */
    private static Optional<Item> item(Map<String, AttributeValue> attributes) {
        return attributes.isEmpty() ? Optional.empty() : Optional.of(new Item(attributes));
    }

    // ---- transactions

    /**
     * Makes all these writes or none.
     *
     * @throws TransactionCanceledException when none; it has a reason for each, with the item of a condition that did not hold
     */
    void transact(String what, TransactWriteItem... writes) {
        Calls.make(what, () -> dynamoDb.transactWriteItems(request -> request.transactItems(writes)));
    }

    /** A put, for a transaction. */
    TransactWriteItem putting(Item item, Function<Expression, String> when) {
        Expression expression = new Expression();
        Put put = Put.builder()
                .tableName(name)
                .item(item.attributes())
                .conditionExpression(when.apply(expression))
                .expressionAttributeNames(expression.names())
                .expressionAttributeValues(expression.values())
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
        return TransactWriteItem.builder().put(put).build();
    }

    /** A change of an item, for a transaction, which does not return the item as it is then. */
    TransactWriteItem updating(Item key, Function<Expression, String> change, Function<Expression, String> when) {
        Expression expression = new Expression();
        Update update = Update.builder()
                .tableName(name)
                .key(key.attributes())
                .updateExpression(change.apply(expression))
                .conditionExpression(when.apply(expression))
                .expressionAttributeNames(expression.names())
                .expressionAttributeValues(expression.values())
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
        return TransactWriteItem.builder().update(update).build();
    }

    /** A condition on an item that is not written, for a transaction. */
    TransactWriteItem checking(Item key, Function<Expression, String> when) {
        Expression expression = new Expression();
        ConditionCheck check = ConditionCheck.builder()
                .tableName(name)
                .key(key.attributes())
                .conditionExpression(when.apply(expression))
                .expressionAttributeNames(expression.names())
                .expressionAttributeValues(expression.values())
                .build();
        return TransactWriteItem.builder().conditionCheck(check).build();
    }

    /** The item of a condition that did not hold in a transaction; empty when there is none. */
    static Optional<Item> item(CancellationReason reason) {
        return item(reason.item());
    }
}
