-- Mail that came back. No foreign keys: a report may be about nobody that is known, and outlives what it is about.
CREATE TABLE bounce (
    key @text PRIMARY KEY,
    at @text NOT NULL,
    kind @text NOT NULL,
    bounce_class @text NOT NULL,
    act @text NOT NULL,
    proof @text NOT NULL,
    reason @text NOT NULL,
    subscription @int NOT NULL,  -- 0: nobody knows
    edition @text NOT NULL,
    status @text NOT NULL,
    diagnostic @text NOT NULL,
    recipient @text NOT NULL,
    message_id @text NOT NULL
) @strict;
CREATE INDEX bounce_by_time ON bounce (at);
CREATE INDEX bounce_by_subscription ON bounce (subscription);
CREATE INDEX bounce_by_edition ON bounce (edition);

-- Apart, because it goes long before the row does.
CREATE TABLE bounce_raw (
    key @text PRIMARY KEY REFERENCES bounce (key) ON DELETE CASCADE,
    raw @bytes NOT NULL
) @strict;
