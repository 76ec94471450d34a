-- Who is logged in at the desk. `id` is a hash of what the browser keeps.
CREATE TABLE editor_session (
    id @text PRIMARY KEY,
    name @text NOT NULL,
    made_at @text NOT NULL,
    seen_at @text NOT NULL
) @strict;
-- Every version of a rule file that was saved at the desk, or found there. Without `content` the file was taken away.
CREATE TABLE rule_version (
    id @identity,
    file @text NOT NULL,
    saved_at @text NOT NULL,
    editor @text NOT NULL,
    why @text NOT NULL,
    content @text
) @strict;
CREATE INDEX rule_version_by_file ON rule_version (file, id);
