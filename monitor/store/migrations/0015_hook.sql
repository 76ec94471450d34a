-- What mail providers report by HTTP, between its answer and its being worked off; and by which way each report came.
CREATE TABLE hook_body (
    key @text PRIMARY KEY,
    hook @text NOT NULL,
    at @text NOT NULL,
    body @bytes NOT NULL
) @strict;
CREATE INDEX hook_body_by_time ON hook_body (at, key);

ALTER TABLE bounce ADD COLUMN source @text NOT NULL DEFAULT '';
