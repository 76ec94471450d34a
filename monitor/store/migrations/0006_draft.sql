-- Editions that wait for the desk. `details` is JSON of model.desk.Draft, `editions` of the composed model.edition.Edition by language.
CREATE TABLE draft (
    id @text PRIMARY KEY,
    digest @text NOT NULL,
    key @text NOT NULL,
    state @text NOT NULL CHECK (state IN ('waiting', 'held', 'approved', 'dropped', 'out')),
    version @int NOT NULL,
    details @text NOT NULL,
    editions @text NOT NULL
) @strict;
CREATE INDEX draft_by_state ON draft (state, key);
-- From here on the table `edition` keeps every revision of an edition. The newest has its date in `key`; one that was corrected
-- has date and revision there ("2019-03-11/1"), so that a date names one edition as before, and its mails still point to it.
