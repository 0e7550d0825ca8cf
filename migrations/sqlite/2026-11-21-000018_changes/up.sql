-- Changes: plans, windows, freezes, maintenance windows, standard changes.

-- Standard changes: each version of a template. One that was authorised may be used until it is withdrawn.
CREATE TABLE change_templates (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    version INTEGER NOT NULL,
    from_id BLOB NOT NULL REFERENCES records (id),
    environment TEXT NOT NULL,
    rollout TEXT NOT NULL,
    observe_minutes INTEGER NOT NULL,
    implementation_plan TEXT NOT NULL,
    test_plan TEXT NOT NULL,
    backout_plan TEXT NOT NULL,
    backout_minutes INTEGER NOT NULL,
    backout_rehearsed INTEGER NOT NULL,
    risk_reach TEXT NOT NULL,
    risk_reversible TEXT NOT NULL,
    risk_done_before TEXT NOT NULL,
    risk_steps TEXT NOT NULL,
    services TEXT NOT NULL,
    items TEXT NOT NULL,
    risk TEXT NOT NULL,
    proposed_by_id BLOB NOT NULL REFERENCES people (id),
    proposed_at INTEGER NOT NULL,
    authorised_by_id BLOB REFERENCES people (id),
    authorised_at INTEGER,
    withdrawn_at INTEGER,
    UNIQUE (name_key, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_templates_from ON change_templates (from_id);
CREATE INDEX change_templates_proposed ON change_templates (proposed_by_id);
CREATE INDEX change_templates_authorised ON change_templates (authorised_by_id);

-- What only a change has: its plan, its risk, how it was authorised, how it went.
CREATE TABLE changes (
    record_id BLOB NOT NULL PRIMARY KEY REFERENCES records (id),
    change_type TEXT NOT NULL,
    mode TEXT NOT NULL,
    environment TEXT NOT NULL,
    window_starts_at INTEGER,
    window_ends_at INTEGER,
    outage_minutes INTEGER NOT NULL,
    implementer_id BLOB REFERENCES people (id),
    verifier_id BLOB REFERENCES people (id),
    rollout TEXT NOT NULL,
    observe_minutes INTEGER NOT NULL,
    implementation_plan TEXT NOT NULL,
    test_plan TEXT NOT NULL,
    backout_plan TEXT NOT NULL,
    backout_minutes INTEGER NOT NULL,
    backout_rehearsed INTEGER NOT NULL,
    risk_reach TEXT NOT NULL,
    risk_reversible TEXT NOT NULL,
    risk_done_before TEXT NOT NULL,
    risk_steps TEXT NOT NULL,
    risk TEXT NOT NULL,
    risk_points INTEGER NOT NULL,
    risk_reasons TEXT NOT NULL,
    revision INTEGER NOT NULL,
    actual_starts_at INTEGER,
    actual_ends_at INTEGER,
    outcome TEXT NOT NULL,
    outcome_text TEXT NOT NULL,
    review_due_at INTEGER,
    review_text TEXT NOT NULL,
    reviewed_at INTEGER,
    standing TEXT NOT NULL,
    authority_id BLOB REFERENCES people (id),
    authority_at INTEGER,
    authority_how TEXT NOT NULL,
    confirm_by INTEGER,
    verdict TEXT NOT NULL,
    verdict_text TEXT NOT NULL,
    template_id BLOB REFERENCES change_templates (id),
    deviations TEXT NOT NULL,
    bounds_starts_at INTEGER,
    bounds_ends_at INTEGER,
    expected_ends_at INTEGER,
    overran_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX changes_window ON changes (window_starts_at, record_id);
CREATE INDEX changes_ended ON changes (actual_ends_at, record_id);
CREATE INDEX changes_implementer ON changes (implementer_id);
CREATE INDEX changes_verifier ON changes (verifier_id);
CREATE INDEX changes_authority ON changes (authority_id);
CREATE INDEX changes_template ON changes (template_id);

-- The services and items it touches.
CREATE TABLE change_services (
    record_id BLOB NOT NULL REFERENCES records (id),
    service_id BLOB NOT NULL REFERENCES services (id),
    PRIMARY KEY (record_id, service_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_services_service ON change_services (service_id, record_id);

CREATE TABLE change_items (
    record_id BLOB NOT NULL REFERENCES records (id),
    item_id BLOB NOT NULL REFERENCES items (id),
    PRIMARY KEY (record_id, item_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX change_items_item ON change_items (item_id, record_id);

-- Times in which some changes must not begin. An empty scope is everything.
CREATE TABLE freezes (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    reason TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    ends_at INTEGER NOT NULL,
    services TEXT NOT NULL,
    teams TEXT NOT NULL,
    environments TEXT NOT NULL,
    types TEXT NOT NULL,
    disabled_at INTEGER,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX freezes_ends ON freezes (ends_at, id);

-- Two people let one change through one freeze.
CREATE TABLE freeze_passes (
    record_id BLOB NOT NULL REFERENCES records (id),
    freeze_id BLOB NOT NULL REFERENCES freezes (id),
    reason TEXT NOT NULL,
    asked_by_id BLOB NOT NULL REFERENCES people (id),
    asked_at INTEGER NOT NULL,
    agreed_by_id BLOB REFERENCES people (id),
    agreed_at INTEGER,
    PRIMARY KEY (record_id, freeze_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX freeze_passes_freeze ON freeze_passes (freeze_id);
CREATE INDEX freeze_passes_asked ON freeze_passes (asked_by_id);
CREATE INDEX freeze_passes_agreed ON freeze_passes (agreed_by_id);

-- The hours of a week in which a service or an environment may be worked on.
CREATE TABLE maintenance_windows (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    service_id BLOB REFERENCES services (id),
    environment TEXT NOT NULL,
    zone TEXT NOT NULL,
    days INTEGER NOT NULL,
    opens INTEGER NOT NULL,
    minutes INTEGER NOT NULL,
    disabled_at INTEGER,
    version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX maintenance_windows_service ON maintenance_windows (service_id);

-- Who is told of a change besides those its services and items say (added), and which of these are not.
CREATE TABLE change_parties (
    record_id BLOB NOT NULL REFERENCES records (id),
    party TEXT NOT NULL,
    added INTEGER NOT NULL,
    PRIMARY KEY (record_id, party)
) STRICT, WITHOUT ROWID;

-- What those who are affected say about it before it is decided.
CREATE TABLE change_remarks (
    id BLOB NOT NULL PRIMARY KEY,
    record_id BLOB NOT NULL REFERENCES records (id),
    person_id BLOB NOT NULL REFERENCES people (id),
    objects INTEGER NOT NULL,
    text TEXT NOT NULL,
    said_at INTEGER NOT NULL,
    answer TEXT NOT NULL,
    answered_by_id BLOB REFERENCES people (id),
    answered_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX change_remarks_record ON change_remarks (record_id, id);
CREATE INDEX change_remarks_person ON change_remarks (person_id);
CREATE INDEX change_remarks_answered ON change_remarks (answered_by_id);
