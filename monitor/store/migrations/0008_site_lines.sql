-- Lines that stand on many pages of a host, by hashes; hosts that no page was read of for long are dropped when others come.
CREATE TABLE site_lines (
    host @text PRIMARY KEY,
    seen_at @text NOT NULL,
    lines @text NOT NULL  -- JSON of model.site.SiteLines
) @strict;
CREATE INDEX site_lines_by_time ON site_lines (seen_at);
