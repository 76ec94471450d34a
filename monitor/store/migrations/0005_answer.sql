-- What a translator or a writer answered, by a hash of all that was asked; the first answer stays, so that an edition can be composed again.
CREATE TABLE answer (
    key @text PRIMARY KEY,
    answer @text NOT NULL,
    made_at @text NOT NULL
) @strict;
