#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic
)]
use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::*;
use crate::follow;
use crate::platform::db::{DatabaseUrl, migrate};
use crate::platform::kernel::clock::Clock;
use crate::records::Kind;

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = BigInt)]
    n: i64,
}

fn counts(store: &Store, sql: &str) -> BTreeMap<String, i64> {
    let rows: Vec<Counted> = store
        .read_here(|r| Ok(diesel::sql_query(sql).load(&mut **r)?))
        .unwrap();
    rows.into_iter().map(|row| (row.what, row.n)).collect()
}

#[test]
fn an_empty_database_is_filled_with_every_state_and_every_hold() {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("andon.db"));
    migrate::up(&url).unwrap();
    let store = Store::new(url, 1, follow::up);
    let blobs = Blobs::open(folder.path().join("blobs")).unwrap();
    let now = Clock::system().now();
    assert_eq!(store.read_here(|r| look(r)).unwrap(), Found::Empty);
    let records = fill(&store, &blobs, now).unwrap();
    assert!(records >= 300);
    assert_eq!(store.read_here(|r| look(r)).unwrap(), Found::Filled);
    assert!(fill(&store, &blobs, now).is_err());

    let states = counts(
        &store,
        "SELECT kind || ' ' || state AS what, count(*) AS n FROM records GROUP BY 1",
    );
    for kind in &Kind::LOGGED {
        for state in follow::practice_of(*kind).states {
            let named = format!("{kind} {}", state.word);
            assert!(states.contains_key(&named), "no {named} among {states:?}");
        }
    }
    let tasks = counts(
        &store,
        "SELECT state AS what, count(*) AS n FROM tasks GROUP BY 1",
    );
    for state in ["open", "done"] {
        assert!(tasks.get(state).is_some_and(|n| *n > 20), "{tasks:?}");
    }
    let holds = counts(
        &store,
        "SELECT behaviour AS what, count(*) AS n FROM holds WHERE ended_at IS NULL GROUP BY 1",
    );
    assert_eq!(
        holds.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        BTreeSet::from([
            "appointment",
            "change",
            "other",
            "problem",
            "requester",
            "supplier"
        ])
    );
    let channels = counts(
        &store,
        "SELECT channel AS what, count(*) AS n FROM records GROUP BY 1",
    );
    assert_eq!(channels.len(), 6, "{channels:?}");
    for (what, sql) in [
        (
            "an outage with a dozen affected",
            "SELECT 'x' AS what, max(affected) - 9 AS n FROM contact_counts",
        ),
        (
            "a family of six",
            "SELECT 'x' AS what, max(children) - 2 AS n FROM records",
        ),
        (
            "its duplicates",
            "SELECT 'x' AS what, count(*) + 1 AS n FROM links WHERE link_type = 'duplicate_of'",
        ),
        (
            "links",
            "SELECT link_type AS what, count(*) AS n FROM links GROUP BY 1 HAVING count(*) > 2",
        ),
        (
            "first contact",
            "SELECT 'x' AS what, count(*) AS n FROM incidents WHERE first_contact",
        ),
        (
            "re-opened",
            "SELECT 'x' AS what, count(*) AS n FROM records WHERE reopens > 0",
        ),
        (
            "handed over",
            "SELECT 'x' AS what, sum(n) AS n FROM handover_tallies",
        ),
        (
            "handed off three times",
            "SELECT 'x' AS what, count(*) AS n FROM records WHERE handoffs > 2",
        ),
        (
            "sent back, and not",
            "SELECT CASE WHEN returned_entry_id IS NULL THEN 'no' ELSE 'yes' END AS what, count(*) AS n FROM handoffs GROUP BY 1",
        ),
        ("watched", "SELECT 'x' AS what, count(*) AS n FROM watchers"),
        (
            "files",
            "SELECT audience AS what, count(*) AS n FROM attachments GROUP BY 1",
        ),
        (
            "instants",
            "SELECT which AS what, count(*) AS n FROM incident_instants GROUP BY 1",
        ),
        (
            "entries",
            "SELECT audience AS what, count(*) AS n FROM entries GROUP BY 1",
        ),
    ] {
        let found = counts(&store, sql);
        assert!(
            found.values().all(|n| *n > 2) && !found.is_empty(),
            "{what}: {found:?}"
        );
        let kinds = if what == "links" { 3 } else { 1 };
        assert!(found.len() >= kinds, "{what}: {found:?}");
    }
    let majors = counts(&store, "SELECT 'x' AS what, count(*) AS n FROM majors");
    assert_eq!(majors.values().sum::<i64>(), 1);
    what_was_learnt(&store, now);
    // What happened to a clock is told afterwards, with its own time.
    let told =
        |of: &str| format!("{of}.name NOT LIKE '%.breached' AND {of}.name NOT LIKE '%.escalated'");
    // Nothing lies in the future but what was agreed for then, and nothing happens at its first start.
    let late = format!(
        "SELECT 'facts' AS what, count(*) AS n FROM facts WHERE occurred_at > {0} OR recorded_at < occurred_at OR (recorded_at <> occurred_at AND {1})
         UNION ALL SELECT 'records', count(*) FROM records WHERE created_at > {0} OR updated_at > {0} OR reported_at > created_at
         UNION ALL SELECT 'holds', count(*) FROM holds WHERE ended_at IS NULL AND resume_at < {0}
         UNION ALL SELECT 'positions', count(*) FROM facts a JOIN facts b ON b.subject_id = a.subject_id AND b.position = a.position + 1 WHERE b.occurred_at < a.occurred_at AND {2}
         UNION ALL SELECT 'resolved too long', count(*) FROM records WHERE state IN ('resolved', 'fulfilled') AND resolved_at < {0} - 432000000000
         UNION ALL SELECT 'tallies', (SELECT count(*) FROM records WHERE is_open AND NOT is_restricted) - (SELECT sum(n) FROM record_tallies)",
        now.micros(),
        told("facts"),
        told("b"),
    );
    let late = counts(&store, &late);
    assert!(late.values().all(|n| *n == 0), "{late:?}");
    assert!(logins().len() >= 7);
    let apart = "SELECT 'restricted' AS what, count(*) AS n FROM records WHERE is_restricted";
    assert_eq!(counts(&store, apart).get("restricted"), Some(&1));
    let mut lines = Vec::new();
    let told = &mut |line: &str| lines.push(line.to_owned());
    crate::app::verify::run(&store, &[], told).unwrap();
    assert!(lines.is_empty(), "{lines:#?}");
}

/// What a first look at problems, post-mortems and action items shows.
fn what_was_learnt(store: &Store, now: Utc) {
    let states =
        "SELECT state AS what, count(*) AS n FROM records WHERE kind = 'action' GROUP BY 1";
    let states = counts(store, states);
    for state in follow::practice_of(Kind::Action).states {
        assert!(
            states.contains_key(state.word),
            "no {} among {states:?}",
            state.word
        );
    }
    let late = format!(
        "SELECT 'late' AS what, count(*) AS n FROM action_items WHERE is_awaited AND due_at < {0}
         UNION ALL SELECT 'published', count(*) FROM postmortem_editions
         UNION ALL SELECT 'offered', count(*) FROM known_error_offers o JOIN known_errors k ON k.problem_id = o.problem_id WHERE k.retired_at IS NULL
         UNION ALL SELECT 'worked', count(*) FROM known_error_offers WHERE used_at IS NOT NULL AND worked",
        now.micros(),
    );
    let found = counts(store, &late);
    assert!(found.values().all(|n| *n > 0), "{found:?}");
    let reminded = store.read_here(|r| crate::postmortems::items_to_remind(r, now, 10));
    assert!(
        reminded.unwrap().is_empty(),
        "somebody is told at the first start"
    );
}

#[test]
fn the_password_would_be_taken_by_the_product() {
    for colleague in &STAFF {
        let about = [colleague.name, &colleague.mail()];
        assert!(secrets::check_password(PASSWORD, &about).is_ok());
    }
}
