-- Columns hold what SQL asks for; what is only read back whole lies in JSON text.
-- Times are UTC text of fixed width: 2019-03-04T05:06:07.000000Z.

CREATE TABLE feed_state (
    feed_id @text PRIMARY KEY,
    state @text NOT NULL  -- JSON of model.feed.FeedState
) @strict;

CREATE TABLE host_block (
    host @text PRIMARY KEY,
    blocked_until @text NOT NULL
) @strict;

CREATE TABLE article (
    id @text PRIMARY KEY,
    feed_id @text NOT NULL,
    guid @text NOT NULL,
    url @text NOT NULL,
    final_url @text NOT NULL,
    canonical_url @text NOT NULL,
    published @text NOT NULL,
    first_seen @text NOT NULL,
    backlog @int NOT NULL CHECK (backlog IN (0, 1)),
    revision @int NOT NULL,
    content_hash @text NOT NULL,
    title @text NOT NULL,
    details @text NOT NULL,  -- JSON of the other fields of model.article.Article
    text @text NOT NULL
) @strict;
CREATE INDEX article_by_first_seen ON article (first_seen, id);
CREATE INDEX article_by_published ON article (published);
CREATE INDEX article_by_feed ON article (feed_id);

-- Hashes of addresses and guids, for identity: an index on the texts themselves would refuse long ones in PostgreSQL (2704 bytes).
CREATE TABLE article_key (
    key @text NOT NULL,
    article_id @text NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    PRIMARY KEY (key, article_id)
) @strict;
CREATE INDEX article_key_by_article ON article_key (article_id);

CREATE TABLE analysis (
    article_id @text PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    ruleset @text NOT NULL,
    matches @text NOT NULL,  -- JSON list of model.match.Match
    mentions @text NOT NULL  -- JSON list of model.match.Mention
) @strict;

CREATE TABLE rule_match (
    article_id @text NOT NULL REFERENCES article (id) ON DELETE CASCADE,
    rule @text NOT NULL,
    score @real NOT NULL,
    PRIMARY KEY (article_id, rule)
) @strict;
CREATE INDEX rule_match_by_rule ON rule_match (rule, article_id);

CREATE TABLE article_story (
    article_id @text PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
    story_id @text NOT NULL
) @strict;

CREATE TABLE edition (
    id @text PRIMARY KEY,
    digest @text NOT NULL,
    key @text NOT NULL,
    week @text NOT NULL,
    window_end @text NOT NULL,
    frozen_at @text NOT NULL,
    details @text NOT NULL,  -- JSON of the other fields of model.edition.FrozenEdition
    UNIQUE (digest, key)
) @strict;
CREATE INDEX edition_by_window ON edition (digest, window_end);

CREATE TABLE rendition (
    edition @text NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    language @text NOT NULL,
    place @int NOT NULL,
    pages @text NOT NULL,  -- JSON of model.edition.Rendition
    PRIMARY KEY (edition, language)
) @strict;

CREATE TABLE subscription (
    id @identity,
    digest @text NOT NULL,
    address @text NOT NULL,
    canonical @text NOT NULL,
    language @text NOT NULL,
    state @text NOT NULL CHECK (state IN ('waiting', 'active', 'ended', 'suppressed')),
    created_at @text NOT NULL,
    changed_at @text NOT NULL,
    how @text NOT NULL,
    UNIQUE (digest, canonical)
) @strict;
CREATE INDEX subscription_by_canonical ON subscription (canonical);

CREATE TABLE outbox (
    id @identity,
    edition @text NOT NULL REFERENCES edition (id),
    subscription @int NOT NULL REFERENCES subscription (id),
    recipient @text NOT NULL,
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
    UNIQUE (edition, subscription)
) @strict;
-- A claim walks the open rows in order and stops at its limit, however many rows are final.
CREATE INDEX outbox_open ON outbox (id) WHERE state IN ('pending', 'deferred', 'claimed');

-- Apart from the row, because SQLite writes a whole row again at each change of its state.
CREATE TABLE outbox_body (
    message @int PRIMARY KEY REFERENCES outbox (id) ON DELETE CASCADE,
    body @bytes NOT NULL
) @strict;

CREATE TABLE heartbeat (
    name @text PRIMARY KEY,
    beat_at @text NOT NULL,
    note @text NOT NULL
) @strict;

CREATE TABLE setting (
    key @text PRIMARY KEY,
    value @text NOT NULL
) @strict;
