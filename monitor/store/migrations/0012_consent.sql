-- Addresses that get nothing, by keyed hash: it survives erasure and re-import. `digest` '' stands for all; a forgiven one counts no more.
CREATE TABLE suppression (
    mac @text NOT NULL,
    digest @text NOT NULL,
    reason @text NOT NULL,
    since @text NOT NULL,
    forgiven_at @text,
    forgiven_how @text NOT NULL,
    PRIMARY KEY (mac, digest)
) @strict;

-- What proves that somebody asked: see model.consent.Consent.
CREATE TABLE consent (
    id @identity,
    subscription @int NOT NULL REFERENCES subscription (id),
    act @text NOT NULL CHECK (act IN ('asked', 'confirmed', 'changed', 'vouched')),
    at @text NOT NULL,
    prefix @text NOT NULL,
    agent @text NOT NULL,
    wording @text NOT NULL
) @strict;
CREATE INDEX consent_by_subscription ON consent (subscription, at);

-- Case tells no two addresses apart, though mail goes out as it was typed.
CREATE INDEX subscription_by_folded ON subscription (LOWER(canonical));
CREATE INDEX outbox_by_subscription ON outbox (subscription);
CREATE INDEX subscription_waiting ON subscription (changed_at) WHERE state = 'waiting';
