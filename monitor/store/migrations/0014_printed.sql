-- What editions print, item by item: lists, story pages and search read this, not the pages. Made from the editions by `monitor db reindex`.
CREATE TABLE printed_edition (
    digest @text NOT NULL,
    key @text NOT NULL,
    edition @text NOT NULL REFERENCES edition (id) ON DELETE CASCADE,
    form @text NOT NULL,  -- how the words were made
    PRIMARY KEY (digest, key)
) @strict;

CREATE TABLE printed_item (
    id @identity,
    digest @text NOT NULL,
    key @text NOT NULL,
    week @text NOT NULL,
    last_day @text NOT NULL,
    language @text NOT NULL,
    place @int NOT NULL,
    kind @text NOT NULL CHECK (kind IN ('item', 'note')),
    story @text NOT NULL,
    item @text NOT NULL,
    section @text NOT NULL,
    section_title @text NOT NULL,
    verdict @text NOT NULL CHECK (verdict IN ('better', 'worse', 'unchanged')),
    headline @text NOT NULL,
    headline_language @text NOT NULL,
    lines @text NOT NULL,  -- JSON list of [text, language, source]
    words @text NOT NULL,  -- those it is found by, each once, between spaces
    FOREIGN KEY (digest, key) REFERENCES printed_edition (digest, key) ON DELETE CASCADE,
    UNIQUE (digest, key, language, place)
) @strict;
CREATE INDEX printed_item_by_story ON printed_item (digest, story);

@search_index
