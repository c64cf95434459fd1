-- Jobs that a transaction has enqueued and that Longshore does not have yet. Times are milliseconds since 1970.
CREATE TABLE longshore_outbox (
  id          VARCHAR(36) NOT NULL PRIMARY KEY, -- the job's own: a UUID of version 7
  task        VARCHAR(200) NOT NULL,
  request     LONGTEXT NOT NULL, -- JSON, with the payload
  traceparent VARCHAR(255),
  created_at  BIGINT NOT NULL,
  due_at      BIGINT NOT NULL, -- not sent before; 9223372036854775807 for what was refused
  tries       INT NOT NULL,
  refused_at  BIGINT,
  reason      VARCHAR(1000) -- why it was refused, or why the last try failed
) ENGINE = InnoDB, CHARACTER SET = utf8mb4;

CREATE INDEX longshore_outbox_due ON longshore_outbox (due_at);
