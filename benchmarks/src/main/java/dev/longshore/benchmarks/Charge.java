package dev.longshore.benchmarks;

/** What AWS charges for. The names are those of {@code prices.json}. */
enum Charge {
    HTTP_API_REQUEST("HTTP API requests"),
    LAMBDA_REQUEST("Lambda requests"),
    LAMBDA_GB_SECOND("Lambda GB-seconds"),
    SQS_REQUEST("SQS requests"),
    WRITE_UNIT("write units"),
    READ_UNIT("read units"),
    TABLE_GB_MONTH("GB-months in DynamoDB, with point-in-time recovery"),
    S3_PUT("S3 writes"),
    S3_GET("S3 reads"),
    S3_GB_MONTH("GB-months in S3"),
    LOG_GB("GB of logs"),
    ALARM_MONTH("alarms"),
    METRIC_MONTH("custom metrics"),
    DASHBOARD_MONTH("dashboards"),
    SECRET_MONTH("secrets"),
    FARGATE_VCPU_HOUR("vCPU-hours of Fargate, arm64"),
    FARGATE_GB_HOUR("GB-hours of Fargate, arm64"),
    PUBLIC_IPV4_HOUR("hours of a public address"),
    NAT_GATEWAY_HOUR("hours of a NAT gateway");

    private final String label;

    Charge(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
