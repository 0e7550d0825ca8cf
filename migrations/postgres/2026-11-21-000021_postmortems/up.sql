-- Post-mortems and their action items: two kinds more, and what only they have.
INSERT INTO kinds (kind, prefix) VALUES ('postmortem', 'PM'), ('action', 'ACT')
ON CONFLICT DO NOTHING;

CREATE TABLE postmortems (
    record_id uuid NOT NULL PRIMARY KEY REFERENCES records (id),
    due_at timestamptz,
    facilitator_id uuid REFERENCES people (id),
    reviewer_id uuid REFERENCES people (id),
    meeting_at timestamptz,
    meeting_place text NOT NULL,
    facts_version bigint NOT NULL,
    no_action_reason text NOT NULL,
    required_by text COLLATE "C" NOT NULL,
    edition bigint NOT NULL,
    told_at timestamptz
);
CREATE INDEX postmortems_due ON postmortems (due_at, record_id) WHERE told_at IS NULL;
CREATE INDEX postmortems_facilitator ON postmortems (facilitator_id);
CREATE INDEX postmortems_reviewer ON postmortems (reviewer_id);

-- Which incidents are its own; links say so besides.
CREATE TABLE postmortem_incidents (
    record_id uuid NOT NULL REFERENCES records (id),
    incident_id uuid NOT NULL REFERENCES records (id),
    PRIMARY KEY (record_id, incident_id)
);
CREATE INDEX postmortem_incidents_incident ON postmortem_incidents (incident_id, record_id);

-- Whoever wrote of it, in any version: these do not review it.
CREATE TABLE postmortem_authors (
    record_id uuid NOT NULL REFERENCES records (id),
    person_id uuid NOT NULL REFERENCES people (id),
    since timestamptz NOT NULL,
    PRIMARY KEY (record_id, person_id)
);
CREATE INDEX postmortem_authors_person ON postmortem_authors (person_id);

-- Every text that was saved stays; the head is the one that holds.
CREATE TABLE postmortem_sections (
    record_id uuid NOT NULL REFERENCES records (id),
    section text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    text text NOT NULL,
    by_id uuid REFERENCES people (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (record_id, section, version)
);
CREATE INDEX postmortem_sections_by ON postmortem_sections (by_id);

CREATE TABLE postmortem_heads (
    record_id uuid NOT NULL REFERENCES records (id),
    section text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (record_id, section)
);

CREATE TABLE postmortem_participants (
    record_id uuid NOT NULL REFERENCES records (id),
    person_id uuid NOT NULL REFERENCES people (id),
    facts_version bigint,
    agrees boolean NOT NULL,
    said text NOT NULL,
    at timestamptz,
    PRIMARY KEY (record_id, person_id)
);
CREATE INDEX postmortem_participants_person ON postmortem_participants (person_id);

-- What people add to the timeline: to a fact of a record's journal, or by itself.
CREATE TABLE postmortem_annotations (
    id uuid NOT NULL PRIMARY KEY,
    record_id uuid NOT NULL REFERENCES records (id),
    about_id uuid REFERENCES records (id),
    position bigint,
    at timestamptz,
    written_at timestamptz NOT NULL,
    text text NOT NULL,
    evidence text NOT NULL,
    knowledge text COLLATE "C" NOT NULL,
    reach text COLLATE "C" NOT NULL,
    is_key boolean NOT NULL,
    is_hidden boolean NOT NULL,
    by_id uuid REFERENCES people (id),
    version bigint NOT NULL
);
CREATE INDEX postmortem_annotations_record ON postmortem_annotations (record_id, id);
CREATE INDEX postmortem_annotations_about ON postmortem_annotations (about_id);
CREATE INDEX postmortem_annotations_by ON postmortem_annotations (by_id);

CREATE TABLE postmortem_annotation_versions (
    annotation_id uuid NOT NULL REFERENCES postmortem_annotations (id),
    version bigint NOT NULL,
    text text NOT NULL,
    evidence text NOT NULL,
    by_id uuid REFERENCES people (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (annotation_id, version)
);
CREATE INDEX postmortem_annotation_versions_by ON postmortem_annotation_versions (by_id);

CREATE TABLE postmortem_instants (
    record_id uuid NOT NULL REFERENCES records (id),
    which text COLLATE "C" NOT NULL,
    at timestamptz NOT NULL,
    source text COLLATE "C" NOT NULL,
    note text NOT NULL,
    by_id uuid REFERENCES people (id),
    set_at timestamptz NOT NULL,
    PRIMARY KEY (record_id, which)
);
CREATE INDEX postmortem_instants_by ON postmortem_instants (by_id);

-- A suggestion of the language check that somebody does not take up, and why. Who wrote the words is
-- kept nowhere beside it; what is found is kept nowhere at all.
CREATE TABLE wording_dismissals (
    record_id uuid NOT NULL REFERENCES records (id),
    section text COLLATE "C" NOT NULL,
    means text COLLATE "C" NOT NULL,
    rule text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    by_id uuid REFERENCES people (id),
    at timestamptz NOT NULL,
    PRIMARY KEY (record_id, section, means)
);
CREATE INDEX wording_dismissals_by ON wording_dismissals (by_id);

-- What was published, as it read.
CREATE TABLE postmortem_editions (
    record_id uuid NOT NULL REFERENCES records (id),
    edition bigint NOT NULL,
    frozen text NOT NULL,
    published_by_id uuid REFERENCES people (id),
    at timestamptz NOT NULL,
    hash text COLLATE "C" NOT NULL,
    PRIMARY KEY (record_id, edition)
);
CREATE INDEX postmortem_editions_by ON postmortem_editions (published_by_id);

CREATE TABLE postmortem_rules (
    id uuid NOT NULL PRIMARY KEY,
    position integer NOT NULL,
    major boolean NOT NULL,
    priority integer,
    service_id uuid REFERENCES services (id),
    category_id uuid REFERENCES categories (id),
    impact_minutes bigint,
    version bigint NOT NULL,
    removed_at timestamptz
);
CREATE INDEX postmortem_rules_service ON postmortem_rules (service_id);
CREATE INDEX postmortem_rules_category ON postmortem_rules (category_id);

CREATE TABLE action_items (
    record_id uuid NOT NULL PRIMARY KEY REFERENCES records (id),
    postmortem_id uuid NOT NULL REFERENCES records (id),
    action_kind text COLLATE "C" NOT NULL,
    verification text NOT NULL,
    seen text NOT NULL,
    carrier_id uuid REFERENCES records (id),
    due_at timestamptz,
    done_at timestamptz,
    verified_at timestamptz,
    verified_by_id uuid REFERENCES people (id),
    asked_at timestamptz,
    recurrence_of_id uuid REFERENCES records (id),
    reminded_at timestamptz,
    -- Somebody has to do something about it yet.
    is_awaited boolean NOT NULL
);
CREATE INDEX action_items_postmortem ON action_items (postmortem_id, record_id);
CREATE INDEX action_items_carrier ON action_items (carrier_id) WHERE carrier_id IS NOT NULL;
CREATE INDEX action_items_due ON action_items (due_at, record_id) WHERE is_awaited;
CREATE INDEX action_items_done ON action_items (done_at, record_id) WHERE done_at IS NOT NULL;
CREATE INDEX action_items_verified_by ON action_items (verified_by_id);
CREATE INDEX action_items_recurrence_of ON action_items (recurrence_of_id) WHERE recurrence_of_id IS NOT NULL;

-- Asked of every major incident and of the first priority, until a manager says otherwise.
INSERT INTO postmortem_rules (id, position, major, priority, service_id, category_id, impact_minutes, version) VALUES
    ('01940000-0000-7000-8000-000000000b01', 1, true, NULL, NULL, NULL, NULL, 1),
    ('01940000-0000-7000-8000-000000000b02', 2, false, 1, NULL, NULL, NULL, 1);

INSERT INTO codes (list, code, label, behaviour, position) VALUES
    ('cancellation', 'wont_do', 'Will not be done', '', 5)
ON CONFLICT DO NOTHING;
