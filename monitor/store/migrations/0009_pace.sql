-- Token buckets by name ("relay", "domain/example.org", "subscribe/<hash>"): how often something may still be done. See model.pace.
CREATE TABLE pace (
    name @text PRIMARY KEY,
    level @real NOT NULL,
    drawn_at @text NOT NULL
) @strict;
CREATE INDEX pace_by_age ON pace (drawn_at);
