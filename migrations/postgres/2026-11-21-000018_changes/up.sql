-- Changes: plans, windows, freezes, maintenance windows, standard changes.

-- Standard changes: each version of a template. One that was authorised may be used until it is withdrawn.
CREATE TABLE change_templates (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    name_key text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    from_id uuid NOT NULL REFERENCES records (id),
    environment text COLLATE "C" NOT NULL,
    rollout text COLLATE "C" NOT NULL,
    observe_minutes integer NOT NULL,
    implementation_plan text NOT NULL,
    test_plan text NOT NULL,
    backout_plan text NOT NULL,
    backout_minutes integer NOT NULL,
    backout_rehearsed boolean NOT NULL,
    risk_reach text COLLATE "C" NOT NULL,
    risk_reversible text COLLATE "C" NOT NULL,
    risk_done_before text COLLATE "C" NOT NULL,
    risk_steps text COLLATE "C" NOT NULL,
    services text COLLATE "C" NOT NULL,
    items text COLLATE "C" NOT NULL,
    risk text COLLATE "C" NOT NULL,
    proposed_by_id uuid NOT NULL REFERENCES people (id),
    proposed_at timestamptz NOT NULL,
    authorised_by_id uuid REFERENCES people (id),
    authorised_at timestamptz,
    withdrawn_at timestamptz,
    UNIQUE (name_key, version)
);
CREATE INDEX change_templates_from ON change_templates (from_id);
CREATE INDEX change_templates_proposed ON change_templates (proposed_by_id);
CREATE INDEX change_templates_authorised ON change_templates (authorised_by_id);

-- What only a change has: its plan, its risk, how it was authorised, how it went.
CREATE TABLE changes (
    record_id uuid NOT NULL PRIMARY KEY REFERENCES records (id),
    change_type text COLLATE "C" NOT NULL,
    mode text COLLATE "C" NOT NULL,
    environment text COLLATE "C" NOT NULL,
    window_starts_at timestamptz,
    window_ends_at timestamptz,
    outage_minutes integer NOT NULL,
    implementer_id uuid REFERENCES people (id),
    verifier_id uuid REFERENCES people (id),
    rollout text COLLATE "C" NOT NULL,
    observe_minutes integer NOT NULL,
    implementation_plan text NOT NULL,
    test_plan text NOT NULL,
    backout_plan text NOT NULL,
    backout_minutes integer NOT NULL,
    backout_rehearsed boolean NOT NULL,
    risk_reach text COLLATE "C" NOT NULL,
    risk_reversible text COLLATE "C" NOT NULL,
    risk_done_before text COLLATE "C" NOT NULL,
    risk_steps text COLLATE "C" NOT NULL,
    risk text COLLATE "C" NOT NULL,
    risk_points integer NOT NULL,
    risk_reasons text COLLATE "C" NOT NULL,
    revision integer NOT NULL,
    actual_starts_at timestamptz,
    actual_ends_at timestamptz,
    outcome text COLLATE "C" NOT NULL,
    outcome_text text NOT NULL,
    review_due_at timestamptz,
    review_text text NOT NULL,
    reviewed_at timestamptz,
    standing text COLLATE "C" NOT NULL,
    authority_id uuid REFERENCES people (id),
    authority_at timestamptz,
    authority_how text NOT NULL,
    confirm_by timestamptz,
    verdict text COLLATE "C" NOT NULL,
    verdict_text text NOT NULL,
    template_id uuid REFERENCES change_templates (id),
    deviations text NOT NULL,
    bounds_starts_at timestamptz,
    bounds_ends_at timestamptz,
    expected_ends_at timestamptz,
    overran_at timestamptz
);
CREATE INDEX changes_window ON changes (window_starts_at, record_id);
CREATE INDEX changes_ended ON changes (actual_ends_at, record_id);
CREATE INDEX changes_implementer ON changes (implementer_id);
CREATE INDEX changes_verifier ON changes (verifier_id);
CREATE INDEX changes_authority ON changes (authority_id);
CREATE INDEX changes_template ON changes (template_id);

-- The services and items it touches.
CREATE TABLE change_services (
    record_id uuid NOT NULL REFERENCES records (id),
    service_id uuid NOT NULL REFERENCES services (id),
    PRIMARY KEY (record_id, service_id)
);
CREATE INDEX change_services_service ON change_services (service_id, record_id);

CREATE TABLE change_items (
    record_id uuid NOT NULL REFERENCES records (id),
    item_id uuid NOT NULL REFERENCES items (id),
    PRIMARY KEY (record_id, item_id)
);
CREATE INDEX change_items_item ON change_items (item_id, record_id);

-- Times in which some changes must not begin. An empty scope is everything.
CREATE TABLE freezes (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    reason text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    services text COLLATE "C" NOT NULL,
    teams text COLLATE "C" NOT NULL,
    environments text COLLATE "C" NOT NULL,
    types text COLLATE "C" NOT NULL,
    disabled_at timestamptz,
    version bigint NOT NULL
);
CREATE INDEX freezes_ends ON freezes (ends_at, id);

-- Two people let one change through one freeze.
CREATE TABLE freeze_passes (
    record_id uuid NOT NULL REFERENCES records (id),
    freeze_id uuid NOT NULL REFERENCES freezes (id),
    reason text NOT NULL,
    asked_by_id uuid NOT NULL REFERENCES people (id),
    asked_at timestamptz NOT NULL,
    agreed_by_id uuid REFERENCES people (id),
    agreed_at timestamptz,
    PRIMARY KEY (record_id, freeze_id)
);
CREATE INDEX freeze_passes_freeze ON freeze_passes (freeze_id);
CREATE INDEX freeze_passes_asked ON freeze_passes (asked_by_id);
CREATE INDEX freeze_passes_agreed ON freeze_passes (agreed_by_id);

-- The hours of a week in which a service or an environment may be worked on.
CREATE TABLE maintenance_windows (
    id uuid NOT NULL PRIMARY KEY,
    name text NOT NULL,
    service_id uuid REFERENCES services (id),
    environment text COLLATE "C" NOT NULL,
    zone text COLLATE "C" NOT NULL,
    days integer NOT NULL,
    opens integer NOT NULL,
    minutes integer NOT NULL,
    disabled_at timestamptz,
    version bigint NOT NULL
);
CREATE INDEX maintenance_windows_service ON maintenance_windows (service_id);

-- Who is told of a change besides those its services and items say (added), and which of these are not.
CREATE TABLE change_parties (
    record_id uuid NOT NULL REFERENCES records (id),
    party text COLLATE "C" NOT NULL,
    added boolean NOT NULL,
    PRIMARY KEY (record_id, party)
);

-- What those who are affected say about it before it is decided.
CREATE TABLE change_remarks (
    id uuid NOT NULL PRIMARY KEY,
    record_id uuid NOT NULL REFERENCES records (id),
    person_id uuid NOT NULL REFERENCES people (id),
    objects boolean NOT NULL,
    text text NOT NULL,
    said_at timestamptz NOT NULL,
    answer text NOT NULL,
    answered_by_id uuid REFERENCES people (id),
    answered_at timestamptz
);
CREATE INDEX change_remarks_record ON change_remarks (record_id, id);
CREATE INDEX change_remarks_person ON change_remarks (person_id);
CREATE INDEX change_remarks_answered ON change_remarks (answered_by_id);
