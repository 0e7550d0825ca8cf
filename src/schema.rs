//! The tables, as diesel sees them on both databases. A test compares them with what the
//! migrations made.

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    kinds (kind) {
        kind -> Text,
        prefix -> Text,
        last_number -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    settings (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    people (id) {
        id -> SqlId,
        name -> Text,
        mail -> Text,
        mail_key -> Nullable<Text>,
        phone -> Text,
        staff_number -> Nullable<Text>,
        language -> Text,
        zone -> Text,
        theme -> Text,
        single_keys -> Bool,
        roles -> Integer,
        password_hash -> Nullable<Text>,
        disabled_at -> Nullable<SqlUtc>,
        created_at -> SqlUtc,
        version -> BigInt,
        organisation_id -> Nullable<SqlId>,
        location_id -> Nullable<SqlId>,
        manager_id -> Nullable<SqlId>,
        vip -> Bool,
        erased -> Nullable<Integer>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    organisations (id) {
        id -> SqlId,
        name -> Text,
        name_key -> Text,
        disabled_at -> Nullable<SqlUtc>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    locations (id) {
        id -> SqlId,
        name -> Text,
        name_key -> Text,
        address -> Text,
        disabled_at -> Nullable<SqlUtc>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    person_words (word, person_id) {
        word -> Text,
        person_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    teams (id) {
        id -> SqlId,
        name -> Text,
        name_key -> Text,
        lead_id -> Nullable<SqlId>,
        disabled_at -> Nullable<SqlUtc>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    team_members (person_id, team_id) {
        person_id -> SqlId,
        team_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    sessions (token_hash) {
        token_hash -> Binary,
        id -> SqlId,
        person_id -> SqlId,
        created_at -> SqlUtc,
        last_seen_at -> SqlUtc,
        expires_at -> SqlUtc,
        ended_at -> Nullable<SqlUtc>,
        address -> Text,
        device -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    one_time_links (token_hash) {
        token_hash -> Binary,
        purpose -> Text,
        person_id -> Nullable<SqlId>,
        expires_at -> SqlUtc,
        used_at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    submissions (form_key) {
        form_key -> SqlId,
        person_id -> SqlId,
        location -> Text,
        at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    parked_forms (id) {
        id -> SqlId,
        person_id -> SqlId,
        path -> Text,
        body -> Text,
        at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    uploads (id) {
        id -> SqlId,
        person_id -> SqlId,
        name -> Text,
        media_type -> Text,
        size -> BigInt,
        content -> Text,
        at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    services (id) {
        id -> SqlId,
        name -> Text,
        name_key -> Text,
        owner_id -> Nullable<SqlId>,
        team_id -> Nullable<SqlId>,
        criticality -> Integer,
        disabled_at -> Nullable<SqlUtc>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    suppliers (id) {
        id -> SqlId,
        name -> Text,
        name_key -> Text,
        phone -> Text,
        mail -> Text,
        disabled_at -> Nullable<SqlUtc>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    items (id) {
        id -> SqlId,
        name -> Text,
        name_key -> Text,
        class -> Text,
        environment -> Text,
        team_id -> Nullable<SqlId>,
        service_id -> Nullable<SqlId>,
        disabled_at -> Nullable<SqlUtc>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    item_edges (item_id, needs_id) {
        item_id -> SqlId,
        needs_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    categories (id) {
        id -> SqlId,
        name -> Text,
        name_key -> Text,
        team_id -> Nullable<SqlId>,
        disabled_at -> Nullable<SqlUtc>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    levels (scale, level) {
        scale -> Text,
        level -> Integer,
        name -> Text,
        hint -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    priority_matrix (impact, urgency) {
        impact -> Integer,
        urgency -> Integer,
        priority -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    codes (list, code) {
        list -> Text,
        code -> Text,
        label -> Text,
        behaviour -> Text,
        position -> Integer,
        disabled_at -> Nullable<SqlUtc>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    records (id) {
        id -> SqlId,
        kind -> Text,
        number -> BigInt,
        title -> Text,
        requester_id -> Nullable<SqlId>,
        service_id -> Nullable<SqlId>,
        category_id -> Nullable<SqlId>,
        team_id -> Nullable<SqlId>,
        assignee_id -> Nullable<SqlId>,
        channel -> Text,
        impact -> Integer,
        urgency -> Integer,
        priority -> Integer,
        priority_source -> Text,
        priority_reason -> Text,
        state -> Text,
        state_group -> Text,
        is_open -> Bool,
        created_at -> SqlUtc,
        reported_at -> SqlUtc,
        updated_at -> SqlUtc,
        next_due_at -> SqlUtc,
        resolved_at -> Nullable<SqlUtc>,
        closed_at -> Nullable<SqlUtc>,
        reassignments -> Integer,
        reopens -> Integer,
        version -> BigInt,
        facts -> BigInt,
        facts_head -> Binary,
        description -> Text,
        item_id -> Nullable<SqlId>,
        location_id -> Nullable<SqlId>,
        is_restricted -> Bool,
        owner_team_id -> Nullable<SqlId>,
        handoffs -> Integer,
        parent_id -> Nullable<SqlId>,
        children -> Integer,
        open_children -> Integer,
        kind_changes -> Integer,
        is_major -> Bool,
        has_instants -> Bool,
        next_risk_at -> SqlUtc,
        clock_state -> Text,
        is_flagged -> Bool,
        entered_at -> SqlUtc,
        virtual_deadline -> SqlUtc,
        paused_since -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::SqlId;

    fair_turns (team_id) {
        team_id -> SqlId,
        since -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    former_numbers (kind, number) {
        kind -> Text,
        number -> BigInt,
        record_id -> SqlId,
        at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    incidents (id) {
        id -> SqlId,
        first_contact -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    incident_instants (record_id, which) {
        record_id -> SqlId,
        which -> Text,
        at -> Nullable<SqlUtc>,
        source -> Nullable<Text>,
        note -> Text,
        by_id -> Nullable<SqlId>,
        set_at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    majors (record_id) {
        record_id -> SqlId,
        reason -> Text,
        lead_id -> SqlId,
        next_update_at -> SqlUtc,
        since -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    external_ids (record_id) {
        record_id -> SqlId,
        source -> Text,
        external_id -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    record_tallies (kind, state_group, team_id, assignee_id) {
        kind -> Text,
        state_group -> Text,
        team_id -> SqlId,
        assignee_id -> SqlId,
        n -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    handover_tallies (owner_team_id, team_id) {
        owner_team_id -> SqlId,
        team_id -> SqlId,
        n -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    handoffs (record_id, n) {
        record_id -> SqlId,
        n -> Integer,
        from_team_id -> SqlId,
        to_team_id -> SqlId,
        entry_id -> SqlId,
        tried_chars -> Integer,
        returned_entry_id -> Nullable<SqlId>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    holds (id) {
        id -> SqlId,
        record_id -> SqlId,
        reason -> Text,
        behaviour -> Text,
        supplier -> Text,
        supplier_case -> Text,
        for_record_id -> Nullable<SqlId>,
        resume_at -> SqlUtc,
        state_before -> Text,
        started_at -> SqlUtc,
        ended_at -> Nullable<SqlUtc>,
        supplier_id -> Nullable<SqlId>,
        because_id -> Nullable<SqlId>,
        flows_down -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    resolutions (id) {
        id -> SqlId,
        record_id -> SqlId,
        list -> Text,
        code -> Text,
        code_label -> Text,
        text -> Text,
        by_id -> Nullable<SqlId>,
        team_id -> Nullable<SqlId>,
        at -> SqlUtc,
        superseded_at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    links (id) {
        id -> SqlId,
        from_id -> SqlId,
        to_id -> SqlId,
        link_type -> Text,
        by_id -> Nullable<SqlId>,
        at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    watchers (record_id, person_id) {
        record_id -> SqlId,
        person_id -> SqlId,
        at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    involved (record_id, role, person_id) {
        record_id -> SqlId,
        person_id -> SqlId,
        role -> Text,
        at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    contact_counts (record_id) {
        record_id -> SqlId,
        affected -> Integer,
        contacts -> Integer,
        chased -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    restrictions (record_id) {
        record_id -> SqlId,
        team_id -> Nullable<SqlId>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    restriction_people (record_id, person_id) {
        record_id -> SqlId,
        person_id -> SqlId,
        at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    entries (id) {
        id -> SqlId,
        record_id -> SqlId,
        audience -> Text,
        channel -> Text,
        author_id -> Nullable<SqlId>,
        author_name -> Text,
        at -> SqlUtc,
        body -> Text,
        chaser -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    attachments (id) {
        id -> SqlId,
        record_id -> SqlId,
        entry_id -> Nullable<SqlId>,
        audience -> Text,
        name -> Text,
        media_type -> Text,
        size -> BigInt,
        content -> Text,
        by_id -> Nullable<SqlId>,
        at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    facts (seq) {
        seq -> BigInt,
        subject_kind -> Text,
        subject_id -> SqlId,
        position -> BigInt,
        name -> Text,
        version -> Integer,
        occurred_at -> SqlUtc,
        recorded_at -> SqlUtc,
        actor_id -> Nullable<SqlId>,
        behalf_id -> Nullable<SqlId>,
        door -> Text,
        data -> Text,
        previous -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    fact_texts (fact_seq, slot) {
        fact_seq -> BigInt,
        slot -> Integer,
        salt -> Binary,
        text -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    checkpoints (number) {
        number -> BigInt,
        last_seq -> BigInt,
        chains -> BigInt,
        at -> SqlUtc,
        previous -> Binary,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    search_texts (seq) {
        seq -> BigInt,
        record_id -> SqlId,
        entry_id -> Nullable<SqlId>,
        audience -> Text,
        apart -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    imported_rows (source, external_id, revision, row_hash) {
        source -> Text,
        external_id -> Text,
        revision -> Text,
        row_hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    schedules (name) {
        name -> Text,
        next_run_at -> SqlUtc,
        last_run_at -> Nullable<SqlUtc>,
        lease_token -> BigInt,
        lease_until -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    tasks (id) {
        id -> SqlId,
        record_id -> SqlId,
        place -> Integer,
        title -> Text,
        team_id -> Nullable<SqlId>,
        assignee_id -> Nullable<SqlId>,
        due_at -> SqlUtc,
        blocking -> Bool,
        state -> Text,
        reason -> Text,
        created_at -> SqlUtc,
        ended_at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    calendars (id) {
        id -> SqlId,
        name -> Text,
        is_retired -> Bool,
        created_at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    calendar_versions (id) {
        id -> SqlId,
        calendar_id -> SqlId,
        number -> Integer,
        from_at -> SqlUtc,
        saved_at -> SqlUtc,
        definition -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    agreements (id) {
        id -> SqlId,
        name -> Text,
        kind -> Text,
        is_retired -> Bool,
        created_at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    agreement_versions (id) {
        id -> SqlId,
        agreement_id -> SqlId,
        number -> Integer,
        from_at -> SqlUtc,
        saved_at -> SqlUtc,
        is_retired -> Bool,
        definition -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    catalogue_state (only_one) {
        only_one -> Integer,
        revision -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    clocks (id) {
        id -> SqlId,
        record_id -> SqlId,
        target -> Text,
        cycle -> Integer,
        part -> Integer,
        agreement_id -> SqlId,
        agreement_version_id -> SqlId,
        calendar_version_id -> SqlId,
        phase -> Text,
        started_at -> SqlUtc,
        due_at -> SqlUtc,
        risk_at -> SqlUtc,
        stopped_at -> Nullable<SqlUtc>,
        breached_at -> Nullable<SqlUtc>,
        target_micros -> BigInt,
        elapsed_micros -> BigInt,
        paused_micros -> BigInt,
        met_by -> Nullable<BigInt>,
        wake_at -> Nullable<SqlUtc>,
        outcome -> Text,
        outcome_at -> SqlUtc,
        is_counted -> Bool,
        is_superseded -> Bool,
        is_imported -> Bool,
        is_restricted -> Bool,
        record_kind -> Text,
        priority -> Integer,
        service_id -> Nullable<SqlId>,
        team_id -> Nullable<SqlId>,
        organisation_id -> Nullable<SqlId>,
        category_id -> Nullable<SqlId>,
        assignee_id -> Nullable<SqlId>,
        supplier -> Text,
        reported_at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    clock_steps (record_id, target, cycle, part, step) {
        record_id -> SqlId,
        target -> Text,
        cycle -> Integer,
        part -> Integer,
        step -> Text,
        fired_at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    breach_reasons (record_id, target, cycle, part) {
        record_id -> SqlId,
        target -> Text,
        cycle -> Integer,
        part -> Integer,
        code -> Text,
        text -> Text,
        by_id -> Nullable<SqlId>,
        at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    exemptions (record_id, target, cycle) {
        record_id -> SqlId,
        target -> Text,
        cycle -> Integer,
        reason -> Text,
        asked_by_id -> SqlId,
        asked_at -> SqlUtc,
        approved_by_id -> Nullable<SqlId>,
        approved_at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    closed_periods (id) {
        id -> SqlId,
        from_at -> SqlUtc,
        to_at -> SqlUtc,
        closed_at -> SqlUtc,
        closed_by_id -> SqlId,
        hash -> Binary,
        figures -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    notices (id) {
        id -> SqlId,
        person_id -> SqlId,
        at -> SqlUtc,
        what -> Text,
        data -> Text,
        read_at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    approval_policies (id) {
        id -> SqlId,
        name -> Text,
        is_retired -> Bool,
        created_at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    approval_policy_versions (id) {
        id -> SqlId,
        policy_id -> SqlId,
        number -> Integer,
        saved_at -> SqlUtc,
        is_retired -> Bool,
        definition -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    boards (id) {
        id -> SqlId,
        name -> Text,
        name_key -> Text,
        chair_id -> Nullable<SqlId>,
        disabled_at -> Nullable<SqlUtc>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    board_members (board_id, person_id) {
        board_id -> SqlId,
        person_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    delegations (id) {
        id -> SqlId,
        from_id -> SqlId,
        to_id -> SqlId,
        starts_at -> SqlUtc,
        ends_at -> SqlUtc,
        ended_at -> Nullable<SqlUtc>,
        created_at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    rounds (id) {
        id -> SqlId,
        record_id -> SqlId,
        number -> Integer,
        revision -> Integer,
        policy_version_id -> SqlId,
        electorate -> Text,
        digest -> Text,
        bounds_from -> Nullable<SqlUtc>,
        bounds_to -> Nullable<SqlUtc>,
        opened_at -> SqlUtc,
        opened_by_id -> Nullable<SqlId>,
        decide_by -> SqlUtc,
        decision -> Nullable<Text>,
        decided_at -> Nullable<SqlUtc>,
        suspended_at -> Nullable<SqlUtc>,
        wake_at -> Nullable<SqlUtc>,
        reminded_at -> Nullable<SqlUtc>,
        open_conditions -> Integer,
        events -> Integer,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    round_contents (round_id, place) {
        round_id -> SqlId,
        place -> Integer,
        part -> Text,
        label -> Text,
        shape -> Text,
        text -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    round_seats (round_id, stage, seat) {
        round_id -> SqlId,
        stage -> Integer,
        seat -> Integer,
        person_id -> SqlId,
        is_waiting -> Bool,
        due_at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    round_events (round_id, n) {
        round_id -> SqlId,
        n -> Integer,
        at -> SqlUtc,
        what -> Text,
        stage -> Nullable<Integer>,
        seat -> Nullable<Integer>,
        choice -> Nullable<Text>,
        person_id -> Nullable<SqlId>,
        behalf_id -> Nullable<SqlId>,
        heir_id -> Nullable<SqlId>,
        text -> Text,
        met_at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    round_present (round_id, n, person_id) {
        round_id -> SqlId,
        n -> Integer,
        person_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    round_conditions (round_id, place) {
        round_id -> SqlId,
        place -> Integer,
        stage -> Integer,
        text -> Text,
        met_at -> Nullable<SqlUtc>,
        met_by_id -> Nullable<SqlId>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    round_links (token_hash) {
        token_hash -> Binary,
        round_id -> SqlId,
        person_id -> SqlId,
        expires_at -> SqlUtc,
        used_at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    asked (person_id, record_id) {
        person_id -> SqlId,
        record_id -> SqlId,
        at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    change_templates (id) {
        id -> SqlId,
        name -> Text,
        name_key -> Text,
        version -> Integer,
        from_id -> SqlId,
        environment -> Text,
        rollout -> Text,
        observe_minutes -> Integer,
        implementation_plan -> Text,
        test_plan -> Text,
        backout_plan -> Text,
        backout_minutes -> Integer,
        backout_rehearsed -> Bool,
        risk_reach -> Text,
        risk_reversible -> Text,
        risk_done_before -> Text,
        risk_steps -> Text,
        services -> Text,
        items -> Text,
        risk -> Text,
        proposed_by_id -> SqlId,
        proposed_at -> SqlUtc,
        authorised_by_id -> Nullable<SqlId>,
        authorised_at -> Nullable<SqlUtc>,
        withdrawn_at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    changes (record_id) {
        record_id -> SqlId,
        change_type -> Text,
        mode -> Text,
        environment -> Text,
        window_starts_at -> Nullable<SqlUtc>,
        window_ends_at -> Nullable<SqlUtc>,
        outage_minutes -> Integer,
        implementer_id -> Nullable<SqlId>,
        verifier_id -> Nullable<SqlId>,
        rollout -> Text,
        observe_minutes -> Integer,
        implementation_plan -> Text,
        test_plan -> Text,
        backout_plan -> Text,
        backout_minutes -> Integer,
        backout_rehearsed -> Bool,
        risk_reach -> Text,
        risk_reversible -> Text,
        risk_done_before -> Text,
        risk_steps -> Text,
        risk -> Text,
        risk_points -> Integer,
        risk_reasons -> Text,
        revision -> Integer,
        actual_starts_at -> Nullable<SqlUtc>,
        actual_ends_at -> Nullable<SqlUtc>,
        outcome -> Text,
        outcome_text -> Text,
        review_due_at -> Nullable<SqlUtc>,
        review_text -> Text,
        reviewed_at -> Nullable<SqlUtc>,
        standing -> Text,
        authority_id -> Nullable<SqlId>,
        authority_at -> Nullable<SqlUtc>,
        authority_how -> Text,
        confirm_by -> Nullable<SqlUtc>,
        verdict -> Text,
        verdict_text -> Text,
        template_id -> Nullable<SqlId>,
        deviations -> Text,
        bounds_starts_at -> Nullable<SqlUtc>,
        bounds_ends_at -> Nullable<SqlUtc>,
        expected_ends_at -> Nullable<SqlUtc>,
        overran_at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::SqlId;

    change_parties (record_id, party) {
        record_id -> SqlId,
        party -> Text,
        added -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    change_remarks (id) {
        id -> SqlId,
        record_id -> SqlId,
        person_id -> SqlId,
        objects -> Bool,
        text -> Text,
        said_at -> SqlUtc,
        answer -> Text,
        answered_by_id -> Nullable<SqlId>,
        answered_at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    change_services (record_id, service_id) {
        record_id -> SqlId,
        service_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    change_items (record_id, item_id) {
        record_id -> SqlId,
        item_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    freezes (id) {
        id -> SqlId,
        name -> Text,
        reason -> Text,
        starts_at -> SqlUtc,
        ends_at -> SqlUtc,
        services -> Text,
        teams -> Text,
        environments -> Text,
        types -> Text,
        disabled_at -> Nullable<SqlUtc>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    freeze_passes (record_id, freeze_id) {
        record_id -> SqlId,
        freeze_id -> SqlId,
        reason -> Text,
        asked_by_id -> SqlId,
        asked_at -> SqlUtc,
        agreed_by_id -> Nullable<SqlId>,
        agreed_at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    maintenance_windows (id) {
        id -> SqlId,
        name -> Text,
        service_id -> Nullable<SqlId>,
        environment -> Text,
        zone -> Text,
        days -> Integer,
        opens -> Integer,
        minutes -> Integer,
        disabled_at -> Nullable<SqlUtc>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    problems (record_id) {
        record_id -> SqlId,
        workaround -> Text,
        watched_days -> Integer,
        verify_until -> Nullable<SqlUtc>,
        review_at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    factors (id) {
        id -> SqlId,
        record_id -> SqlId,
        position -> Integer,
        code -> Text,
        code_label -> Text,
        text -> Text,
        evidence -> Text,
        by_id -> Nullable<SqlId>,
        at -> SqlUtc,
        removed_at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    postmortems (record_id) {
        record_id -> SqlId,
        due_at -> Nullable<SqlUtc>,
        facilitator_id -> Nullable<SqlId>,
        reviewer_id -> Nullable<SqlId>,
        meeting_at -> Nullable<SqlUtc>,
        meeting_place -> Text,
        facts_version -> BigInt,
        no_action_reason -> Text,
        required_by -> Text,
        edition -> BigInt,
        told_at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    postmortem_incidents (record_id, incident_id) {
        record_id -> SqlId,
        incident_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    postmortem_authors (record_id, person_id) {
        record_id -> SqlId,
        person_id -> SqlId,
        since -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    postmortem_sections (record_id, section, version) {
        record_id -> SqlId,
        section -> Text,
        version -> BigInt,
        text -> Text,
        by_id -> Nullable<SqlId>,
        at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    postmortem_heads (record_id, section) {
        record_id -> SqlId,
        section -> Text,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    postmortem_participants (record_id, person_id) {
        record_id -> SqlId,
        person_id -> SqlId,
        facts_version -> Nullable<BigInt>,
        agrees -> Bool,
        said -> Text,
        at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    postmortem_annotations (id) {
        id -> SqlId,
        record_id -> SqlId,
        about_id -> Nullable<SqlId>,
        position -> Nullable<BigInt>,
        at -> Nullable<SqlUtc>,
        written_at -> SqlUtc,
        text -> Text,
        evidence -> Text,
        knowledge -> Text,
        reach -> Text,
        is_key -> Bool,
        is_hidden -> Bool,
        by_id -> Nullable<SqlId>,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    postmortem_annotation_versions (annotation_id, version) {
        annotation_id -> SqlId,
        version -> BigInt,
        text -> Text,
        evidence -> Text,
        by_id -> Nullable<SqlId>,
        at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    postmortem_instants (record_id, which) {
        record_id -> SqlId,
        which -> Text,
        at -> SqlUtc,
        source -> Text,
        note -> Text,
        by_id -> Nullable<SqlId>,
        set_at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    wording_dismissals (record_id, section, means) {
        record_id -> SqlId,
        section -> Text,
        means -> Text,
        rule -> Text,
        reason -> Text,
        by_id -> Nullable<SqlId>,
        at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    postmortem_editions (record_id, edition) {
        record_id -> SqlId,
        edition -> BigInt,
        frozen -> Text,
        published_by_id -> Nullable<SqlId>,
        at -> SqlUtc,
        hash -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    postmortem_rules (id) {
        id -> SqlId,
        position -> Integer,
        major -> Bool,
        priority -> Nullable<Integer>,
        service_id -> Nullable<SqlId>,
        category_id -> Nullable<SqlId>,
        impact_minutes -> Nullable<BigInt>,
        version -> BigInt,
        removed_at -> Nullable<SqlUtc>,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    action_items (record_id) {
        record_id -> SqlId,
        postmortem_id -> SqlId,
        action_kind -> Text,
        verification -> Text,
        seen -> Text,
        carrier_id -> Nullable<SqlId>,
        due_at -> Nullable<SqlUtc>,
        done_at -> Nullable<SqlUtc>,
        verified_at -> Nullable<SqlUtc>,
        verified_by_id -> Nullable<SqlId>,
        asked_at -> Nullable<SqlUtc>,
        recurrence_of_id -> Nullable<SqlId>,
        reminded_at -> Nullable<SqlUtc>,
        is_awaited -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    known_errors (problem_id) {
        problem_id -> SqlId,
        version -> BigInt,
        audience -> Text,
        retired -> Text,
        retired_at -> Nullable<SqlUtc>,
        retired_by_id -> Nullable<SqlId>,
        retired_reason -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    known_error_versions (problem_id, version) {
        problem_id -> SqlId,
        version -> BigInt,
        symptoms -> Text,
        workaround -> Text,
        audience -> Text,
        by_id -> Nullable<SqlId>,
        at -> SqlUtc,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::SqlId;

    known_error_words (word, problem_id) {
        word -> Text,
        problem_id -> SqlId,
    }
}

diesel::table! {
    use diesel::sql_types::*;
    use crate::platform::db::types::{SqlId, SqlUtc};

    known_error_offers (incident_id, problem_id) {
        incident_id -> SqlId,
        problem_id -> SqlId,
        offered_at -> SqlUtc,
        why -> Text,
        used_at -> Nullable<SqlUtc>,
        used_version -> Nullable<BigInt>,
        used_by_id -> Nullable<SqlId>,
        worked -> Nullable<Bool>,
        worked_at -> Nullable<SqlUtc>,
    }
}

diesel::joinable!(restrictions -> teams (team_id));
diesel::joinable!(restriction_people -> people (person_id));
diesel::joinable!(entries -> records (record_id));
diesel::joinable!(attachments -> records (record_id));
diesel::joinable!(calendar_versions -> calendars (calendar_id));
diesel::joinable!(agreement_versions -> agreements (agreement_id));
diesel::joinable!(clocks -> records (record_id));
diesel::joinable!(clocks -> agreements (agreement_id));
diesel::joinable!(tasks -> records (record_id));
diesel::joinable!(tasks -> teams (team_id));
diesel::joinable!(tasks -> people (assignee_id));
diesel::joinable!(watchers -> people (person_id));
diesel::joinable!(involved -> people (person_id));
diesel::joinable!(involved -> records (record_id));
diesel::joinable!(contact_counts -> records (record_id));
diesel::joinable!(team_members -> teams (team_id));
diesel::joinable!(sessions -> people (person_id));
diesel::joinable!(search_texts -> records (record_id));
diesel::joinable!(records -> services (service_id));
diesel::joinable!(records -> categories (category_id));
diesel::joinable!(records -> teams (team_id));
diesel::joinable!(external_ids -> records (record_id));
diesel::joinable!(records -> items (item_id));
diesel::joinable!(records -> locations (location_id));
diesel::joinable!(incident_instants -> people (by_id));
diesel::joinable!(majors -> people (lead_id));
diesel::joinable!(approval_policy_versions -> approval_policies (policy_id));
diesel::joinable!(rounds -> records (record_id));
diesel::joinable!(round_seats -> rounds (round_id));
diesel::joinable!(round_links -> rounds (round_id));

diesel::joinable!(problems -> records (record_id));
diesel::joinable!(postmortems -> records (record_id));
diesel::joinable!(action_items -> records (record_id));
diesel::joinable!(changes -> records (record_id));
diesel::joinable!(change_services -> records (record_id));
diesel::joinable!(change_services -> services (service_id));
diesel::joinable!(change_items -> items (item_id));
diesel::joinable!(freeze_passes -> freezes (freeze_id));
diesel::allow_tables_to_appear_in_same_query!(
    kinds,
    settings,
    people,
    person_words,
    organisations,
    locations,
    teams,
    team_members,
    sessions,
    one_time_links,
    submissions,
    parked_forms,
    uploads,
    services,
    suppliers,
    items,
    item_edges,
    categories,
    levels,
    priority_matrix,
    codes,
    records,
    former_numbers,
    incidents,
    incident_instants,
    majors,
    change_templates,
    changes,
    change_services,
    change_items,
    change_parties,
    change_remarks,
    postmortems,
    postmortem_incidents,
    postmortem_authors,
    postmortem_sections,
    postmortem_heads,
    postmortem_participants,
    postmortem_annotations,
    postmortem_annotation_versions,
    postmortem_instants,
    wording_dismissals,
    postmortem_editions,
    postmortem_rules,
    action_items,
    problems,
    factors,
    known_errors,
    known_error_versions,
    known_error_words,
    known_error_offers,
    fair_turns,
    freezes,
    freeze_passes,
    maintenance_windows,
    external_ids,
    record_tallies,
    handover_tallies,
    handoffs,
    holds,
    resolutions,
    links,
    watchers,
    involved,
    contact_counts,
    restrictions,
    restriction_people,
    entries,
    attachments,
    tasks,
    facts,
    fact_texts,
    checkpoints,
    search_texts,
    imported_rows,
    schedules,
    calendars,
    calendar_versions,
    agreements,
    agreement_versions,
    catalogue_state,
    clocks,
    clock_steps,
    breach_reasons,
    exemptions,
    closed_periods,
    notices,
    approval_policies,
    approval_policy_versions,
    boards,
    board_members,
    delegations,
    rounds,
    round_contents,
    round_seats,
    round_events,
    round_present,
    round_conditions,
    round_links,
    asked,
);
