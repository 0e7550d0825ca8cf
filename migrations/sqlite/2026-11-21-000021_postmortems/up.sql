-- Post-mortems and their action items: two kinds more, and what only they have.
INSERT INTO kinds (kind, prefix) VALUES ('postmortem', 'PM'), ('action', 'ACT')
ON CONFLICT DO NOTHING;

CREATE TABLE postmortems (
    record_id BLOB NOT NULL PRIMARY KEY REFERENCES records (id),
    due_at INTEGER,
    facilitator_id BLOB REFERENCES people (id),
    reviewer_id BLOB REFERENCES people (id),
    meeting_at INTEGER,
    meeting_place TEXT NOT NULL,
    facts_version INTEGER NOT NULL,
    no_action_reason TEXT NOT NULL,
    required_by TEXT NOT NULL,
    edition INTEGER NOT NULL,
    told_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX postmortems_due ON postmortems (due_at, record_id) WHERE told_at IS NULL;
CREATE INDEX postmortems_facilitator ON postmortems (facilitator_id);
CREATE INDEX postmortems_reviewer ON postmortems (reviewer_id);

-- Which incidents are its own; links say so besides.
CREATE TABLE postmortem_incidents (
    record_id BLOB NOT NULL REFERENCES records (id),
    incident_id BLOB NOT NULL REFERENCES records (id),
    PRIMARY KEY (record_id, incident_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX postmortem_incidents_incident ON postmortem_incidents (incident_id, record_id);

-- Whoever wrote of it, in any version: these do not review it.
CREATE TABLE postmortem_authors (
    record_id BLOB NOT NULL REFERENCES records (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    since INTEGER NOT NULL,
    PRIMARY KEY (record_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX postmortem_authors_person ON postmortem_authors (person_id);

-- Every text that was saved stays; the head is the one that holds.
CREATE TABLE postmortem_sections (
    record_id BLOB NOT NULL REFERENCES records (id),
    section TEXT NOT NULL,
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    by_id BLOB REFERENCES people (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (record_id, section, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX postmortem_sections_by ON postmortem_sections (by_id);

CREATE TABLE postmortem_heads (
    record_id BLOB NOT NULL REFERENCES records (id),
    section TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (record_id, section)
) STRICT, WITHOUT ROWID;

CREATE TABLE postmortem_participants (
    record_id BLOB NOT NULL REFERENCES records (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    facts_version INTEGER,
    agrees INTEGER NOT NULL,
    said TEXT NOT NULL,
    at INTEGER,
    PRIMARY KEY (record_id, person_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX postmortem_participants_person ON postmortem_participants (person_id);

-- What people add to the timeline: to a fact of a record's journal, or by itself.
CREATE TABLE postmortem_annotations (
    id BLOB NOT NULL PRIMARY KEY,
    record_id BLOB NOT NULL REFERENCES records (id),
    about_id BLOB REFERENCES records (id),
    position INTEGER,
    at INTEGER,
    written_at INTEGER NOT NULL,
    text TEXT NOT NULL,
    evidence TEXT NOT NULL,
    knowledge TEXT NOT NULL,
    reach TEXT NOT NULL,
    is_key INTEGER NOT NULL,
    is_hidden INTEGER NOT NULL,
    by_id BLOB REFERENCES people (id),
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX postmortem_annotations_record ON postmortem_annotations (record_id, id);
CREATE INDEX postmortem_annotations_about ON postmortem_annotations (about_id);
CREATE INDEX postmortem_annotations_by ON postmortem_annotations (by_id);

CREATE TABLE postmortem_annotation_versions (
    annotation_id BLOB NOT NULL REFERENCES postmortem_annotations (id),
    version INTEGER NOT NULL,
    text TEXT NOT NULL,
    evidence TEXT NOT NULL,
    by_id BLOB REFERENCES people (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (annotation_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX postmortem_annotation_versions_by ON postmortem_annotation_versions (by_id);

CREATE TABLE postmortem_instants (
    record_id BLOB NOT NULL REFERENCES records (id),
    which TEXT NOT NULL,
    at INTEGER NOT NULL,
    source TEXT NOT NULL,
    note TEXT NOT NULL,
    by_id BLOB REFERENCES people (id),
    set_at INTEGER NOT NULL,
    PRIMARY KEY (record_id, which)
) STRICT, WITHOUT ROWID;
CREATE INDEX postmortem_instants_by ON postmortem_instants (by_id);

-- A suggestion of the language check that somebody does not take up, and why. Who wrote the words is
-- kept nowhere beside it; what is found is kept nowhere at all.
CREATE TABLE wording_dismissals (
    record_id BLOB NOT NULL REFERENCES records (id),
    section TEXT NOT NULL,
    means TEXT NOT NULL,
    rule TEXT NOT NULL,
    reason TEXT NOT NULL,
    by_id BLOB REFERENCES people (id),
    at INTEGER NOT NULL,
    PRIMARY KEY (record_id, section, means)
) STRICT, WITHOUT ROWID;
CREATE INDEX wording_dismissals_by ON wording_dismissals (by_id);

-- What was published, as it read.
CREATE TABLE postmortem_editions (
    record_id BLOB NOT NULL REFERENCES records (id),
    edition INTEGER NOT NULL,
    frozen TEXT NOT NULL,
    published_by_id BLOB REFERENCES people (id),
    at INTEGER NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (record_id, edition)
) STRICT, WITHOUT ROWID;
CREATE INDEX postmortem_editions_by ON postmortem_editions (published_by_id);

CREATE TABLE postmortem_rules (
    id BLOB NOT NULL PRIMARY KEY,
    position INTEGER NOT NULL,
    major INTEGER NOT NULL,
    priority INTEGER,
    service_id BLOB REFERENCES services (id),
    category_id BLOB REFERENCES categories (id),
    impact_minutes INTEGER,
    version INTEGER NOT NULL,
    removed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX postmortem_rules_service ON postmortem_rules (service_id);
CREATE INDEX postmortem_rules_category ON postmortem_rules (category_id);

CREATE TABLE action_items (
    record_id BLOB NOT NULL PRIMARY KEY REFERENCES records (id),
    postmortem_id BLOB NOT NULL REFERENCES records (id),
    action_kind TEXT NOT NULL,
    verification TEXT NOT NULL,
    seen TEXT NOT NULL,
    carrier_id BLOB REFERENCES records (id),
    due_at INTEGER,
    done_at INTEGER,
    verified_at INTEGER,
    verified_by_id BLOB REFERENCES people (id),
    asked_at INTEGER,
    recurrence_of_id BLOB REFERENCES records (id),
    reminded_at INTEGER,
    -- Somebody has to do something about it yet.
    is_awaited INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX action_items_postmortem ON action_items (postmortem_id, record_id);
CREATE INDEX action_items_carrier ON action_items (carrier_id) WHERE carrier_id IS NOT NULL;
CREATE INDEX action_items_due ON action_items (due_at, record_id) WHERE is_awaited;
CREATE INDEX action_items_done ON action_items (done_at, record_id) WHERE done_at IS NOT NULL;
CREATE INDEX action_items_verified_by ON action_items (verified_by_id);
CREATE INDEX action_items_recurrence_of ON action_items (recurrence_of_id) WHERE recurrence_of_id IS NOT NULL;

-- Asked of every major incident and of the first priority, until a manager says otherwise.
INSERT INTO postmortem_rules (id, position, major, priority, service_id, category_id, impact_minutes, version) VALUES
    (X'01940000000070008000000000000b01', 1, 1, NULL, NULL, NULL, NULL, 1),
    (X'01940000000070008000000000000b02', 2, 0, 1, NULL, NULL, NULL, 1);

INSERT INTO codes (list, code, label, behaviour, position) VALUES
    ('cancellation', 'wont_do', 'Will not be done', '', 5)
ON CONFLICT DO NOTHING;
