-- What robots.txt of each origin let us fetch when it was last asked; old ones are dropped when new ones come.
CREATE TABLE robots (
    origin @text PRIMARY KEY,
    asked_at @text NOT NULL,
    robots @text NOT NULL  -- JSON of model.robots.Robots
) @strict;
CREATE INDEX robots_by_time ON robots (asked_at);
