-- Which thread each story belongs to, as first decided. No foreign keys: a thread outlives the articles of its stories.
CREATE TABLE story_thread (
    story_id @text PRIMARY KEY,
    thread_id @text NOT NULL,
    began @text NOT NULL,
    article_id @text NOT NULL,
    title @text NOT NULL,
    reason @text NOT NULL
) @strict;
CREATE INDEX story_thread_by_thread ON story_thread (thread_id, began);
