-- The outbox holds confirmations and notices too, which belong to no edition; and the domain of each recipient, for limits.
-- Built anew, because SQLite cannot take a NOT NULL away. The bodies first: they would go with the rows they point to.
CREATE TABLE outbox_new (
    id @identity,
    kind @text NOT NULL CHECK (kind IN ('edition', 'confirmation', 'notice')),
    edition @text REFERENCES edition (id),
    subscription @int NOT NULL REFERENCES subscription (id),
    recipient @text NOT NULL,
    domain @text NOT NULL,
    language @text NOT NULL,
    message_id @text NOT NULL UNIQUE,
    state @text NOT NULL CHECK (state IN (
        'pending', 'claimed', 'sent', 'deferred', 'failed', 'suppressed', 'unknown', 'aborted')),
    attempt @int NOT NULL,
    next_at @text,
    lease_owner @text NOT NULL,
    lease_until @text,
    smtp_code @int,
    smtp_text @text NOT NULL,
    queue_id @text NOT NULL,
    created_at @text NOT NULL,
    sent_at @text,
    envelope_from @text NOT NULL,
    UNIQUE (edition, subscription),
    CHECK ((kind = 'edition') = (edition IS NOT NULL))
) @strict;
-- The domain is what stands behind the last at-sign: strip all other characters from the right, and that start from the left.
INSERT INTO outbox_new (id, kind, edition, subscription, recipient, domain, language, message_id, state, attempt, next_at,
        lease_owner, lease_until, smtp_code, smtp_text, queue_id, created_at, sent_at, envelope_from)
    SELECT id, 'edition', edition, subscription, recipient,
        LOWER(REPLACE(recipient, RTRIM(recipient, REPLACE(recipient, '@', '')), '')), language, message_id, state, attempt,
        next_at, lease_owner, lease_until, smtp_code, smtp_text, queue_id, created_at, sent_at, envelope_from
    FROM outbox;
CREATE TABLE outbox_body_new (
    message @int PRIMARY KEY REFERENCES outbox_new (id) ON DELETE CASCADE,
    body @bytes NOT NULL
) @strict;
INSERT INTO outbox_body_new (message, body) SELECT message, body FROM outbox_body;
DROP TABLE outbox_body;
DROP TABLE outbox;
ALTER TABLE outbox_new RENAME TO outbox;
ALTER TABLE outbox_body_new RENAME TO outbox_body;
@counter(outbox);
-- A claim walks the open rows in order, those that somebody waits for first, and stops at its limit, however many are final.
CREATE INDEX outbox_open ON outbox ((kind = 'edition'), id) WHERE state IN ('pending', 'deferred', 'claimed');
CREATE INDEX outbox_by_recipient ON outbox (recipient);

-- Where the sending of each edition stands; see model.delivery.Sending.
CREATE TABLE sending (
    edition @text PRIMARY KEY REFERENCES edition (id) ON DELETE CASCADE,
    state @text NOT NULL CHECK (state IN ('sending', 'paused', 'finished', 'missed', 'aborted')),
    reason @text NOT NULL,
    counts @text NOT NULL,  -- JSON: state of messages → how many
    changed_at @text NOT NULL
) @strict;
INSERT INTO sending (edition, state, reason, counts, changed_at)
    SELECT edition, 'sending', '', '{}', MIN(created_at) FROM outbox GROUP BY edition;
