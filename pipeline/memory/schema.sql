-- What an engine said. The key is a digest of engine, version, pair and the text as the engine sees it: normalised,
-- characters fitted, protected spans behind marks or tokens; or of a text and its translation, where only their words were aligned.
CREATE TABLE engine (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    version TEXT NOT NULL,
    source_lang TEXT NOT NULL,
    target_lang TEXT NOT NULL,
    UNIQUE (name, version, source_lang, target_lang)
);
CREATE TABLE machine (
    key BLOB PRIMARY KEY,
    engine INTEGER NOT NULL REFERENCES engine (id),
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    links BLOB NOT NULL -- where the words of the target came from, where the engine tells
);
CREATE INDEX machine_engine ON machine (engine);

-- What was written for a segment of an article, now (current = 1) and before.
CREATE TABLE segment (
    key BLOB PRIMARY KEY,
    article TEXT NOT NULL,
    segment TEXT NOT NULL,
    source_lang TEXT NOT NULL,
    target_lang TEXT NOT NULL,
    source_key BLOB NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    state TEXT NOT NULL,
    current INTEGER NOT NULL
);
CREATE INDEX segment_article ON segment (article, target_lang, current);
CREATE INDEX segment_source ON segment (source_key);

-- What a person approved. Nothing is ever deleted here.
CREATE TABLE review (
    id INTEGER PRIMARY KEY,
    article TEXT NOT NULL, -- "" for one that is of no article
    segment TEXT NOT NULL,
    source_lang TEXT NOT NULL,
    target_lang TEXT NOT NULL,
    source_key BLOB NOT NULL,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    standing TEXT NOT NULL CHECK (standing IN ('in force', 'aside', 'replaced')),
    origin TEXT NOT NULL -- the file that it came from
);
CREATE INDEX review_source ON review (source_key, target_lang);
CREATE INDEX review_article ON review (article, target_lang);

-- The files that were imported: an edited output that stands here may be written again.
CREATE TABLE imported (
    digest TEXT PRIMARY KEY,
    name TEXT NOT NULL
) WITHOUT ROWID;
