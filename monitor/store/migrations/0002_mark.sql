-- What people said of articles. No foreign keys: a mark outlives the article, the rule and the edition that it speaks of.
CREATE TABLE mark (
    article @text NOT NULL,
    rule @text NOT NULL,
    source @text NOT NULL CHECK (source IN ('edition', 'desk', 'cli')),
    edition @text NOT NULL,
    verdict @text NOT NULL CHECK (verdict IN ('relevant', 'not relevant')),
    story @text NOT NULL,
    marked_at @text NOT NULL,
    PRIMARY KEY (article, rule, source, edition)
) @strict;
CREATE INDEX mark_by_time ON mark (marked_at);
