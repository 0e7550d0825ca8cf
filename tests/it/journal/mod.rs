//! The journal: what `andon verify` finds, and what the database refuses.

mod scene;
mod tampering;

use andon::app::verify;
use andon::journal::{self, Change, NewFact, Subject, Value};
use andon::platform::db::{DatabaseUrl, Db, Store, Utc};
use andon::platform::kernel::ctx::{Ctx, Door};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use time::Duration;

use super::app::each_database;
use scene::{Desk, NOON};

/// Everything this module asks of the journal, on one empty database.
fn check(store: &Store) {
    assert_eq!(found_by(store), Vec::<String>::new());
    let mut desk = Desk::open(store);
    desk.play();
    assert_eq!(found_by(store), Vec::<String>::new());
    let first = checkpoint(store, NOON.plus(Duration::hours(1)));
    assert_eq!(first.as_ref().map(|c| (c.number, c.chains)), Some((1, 26)));
    assert_eq!(checkpoint(store, NOON.plus(Duration::hours(2))), None);
    desk.log(andon::records::Kind::Incident, "On the second day");
    let second = checkpoint(store, NOON.plus(Duration::days(1)));
    assert_eq!(second.as_ref().map(|c| (c.number, c.chains)), Some((2, 1)));
    assert_eq!(second.unwrap().previous, first.unwrap().hash);
    // Nothing new, no checkpoint.
    assert_eq!(checkpoint(store, NOON.plus(Duration::days(2))), None);
    assert_eq!(found_by(store), Vec::<String>::new());
    refused(store);
    tampering::every_way(store);
    erased(store);
    kept_elsewhere(store);
    long_chains(store, &mut desk);
    twice_in_one_fact(store);
}

fn checkpoint(store: &Store, now: Utc) -> Option<journal::Checkpoint> {
    let made = journal::make_checkpoint(store, now, None);
    actix_web::rt::System::new().block_on(made).unwrap()
}

/// The lines of a whole verification, as the command line runs it.
fn found_by(store: &Store) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = |line: &str| lines.push(line.to_owned());
    let summary = verify::run(store, &[], &mut line).unwrap();
    assert_eq!(summary.whole(), lines.is_empty(), "{lines:#?}");
    lines
}

/// Through the product's own connection nobody changes or deletes a fact or a checkpoint.
fn refused(store: &Store) {
    let everywhere = [
        "UPDATE facts SET door = 'api'",
        "UPDATE facts SET data = data WHERE seq = 1",
        "DELETE FROM facts",
        "DELETE FROM facts WHERE seq = (SELECT max(seq) FROM facts)",
        "UPDATE checkpoints SET chains = 0",
        "DELETE FROM checkpoints WHERE number = 2",
        "INSERT INTO checkpoints SELECT * FROM checkpoints WHERE number = 2 \
         ON CONFLICT (number) DO UPDATE SET chains = 0",
    ];
    let sqlite = [
        "REPLACE INTO facts SELECT * FROM facts WHERE seq = 1",
        "INSERT OR REPLACE INTO facts SELECT * FROM facts WHERE seq = 1",
        "UPDATE OR REPLACE facts SET seq = 1 WHERE seq = 2",
        "INSERT OR REPLACE INTO checkpoints SELECT * FROM checkpoints WHERE number = 1",
    ];
    let postgres = [
        "TRUNCATE facts CASCADE",
        "TRUNCATE facts, fact_texts",
        "TRUNCATE checkpoints",
    ];
    let own: &[&str] = match store.url() {
        DatabaseUrl::Sqlite(_) => &sqlite,
        DatabaseUrl::Postgres(_) => &postgres,
    };
    for statement in everywhere.iter().chain(own) {
        let outcome = store.write_here(|w| {
            diesel::sql_query(*statement).execute(&mut **w)?;
            Ok(())
        });
        let error = outcome.expect_err(statement).to_string();
        assert!(error.contains("append-only"), "{statement}: {error}");
    }
    assert_eq!(found_by(store), Vec::<String>::new());
}

/// A text that was erased leaves the chain whole; what cannot be compared is said.
fn erased(store: &Store) {
    tampering::with(
        store,
        &[
            "DELETE FROM fact_texts WHERE fact_seq IN (SELECT seq FROM facts WHERE subject_id = \
           (SELECT id FROM records WHERE kind = 'incident' AND number = 1))",
        ],
        |summary, lines| {
            assert!(summary.whole(), "{lines:#?}");
            assert!(summary.erased > 10);
            let notes: Vec<&String> = lines.iter().filter(|l| l.starts_with("note: ")).collect();
            assert!(
                notes.iter().any(|l| l.contains("INC-1: title: erased")),
                "{notes:#?}"
            );
            assert!(notes.iter().all(|l| l.contains("INC-1")), "{notes:#?}");
        },
    );
}

/// Chains and lists that are longer than what is held in memory at once.
fn long_chains(store: &Store, desk: &mut Desk<'_>) {
    desk.many(250, 1_100);
    assert_eq!(found_by(store), Vec::<String>::new());
    for (statement, expected) in [
        (
            "DELETE FROM facts WHERE position = 1050",
            "INC-7: fact 1050 of its chain: missing",
        ),
        (
            "UPDATE entries SET body = 'x' WHERE body = 'Note 1040'",
            "body: the journal says “Note 1040”, but there stands “x”",
        ),
        (
            "UPDATE records SET priority = 1 WHERE number = 230 AND kind = 'incident'",
            "INC-230: priority: the journal says 3",
        ),
        (
            "DELETE FROM facts WHERE position > 1000",
            "INC-7: facts 1001 to 1101 of its chain: cut off at the end",
        ),
    ] {
        tampering::with(store, &[statement], |_, lines| {
            assert!(lines.iter().any(|l| l.contains(expected)), "{lines:#?}");
        });
    }
}

/// One of two changes of a field in one fact would be lost, so it is refused.
fn twice_in_one_fact(store: &Store) {
    let change = || Change::set("member", Value::word("x"));
    let refused = store.write_here(|w| {
        let ctx = Ctx::system(NOON, Door::Command);
        let subject = Subject {
            kind: "team",
            id: uuid::Uuid::now_v7(),
        };
        let fact = NewFact::new("team.edited", vec![change(), change()]);
        journal::append_to(w, &ctx, subject, &fact)
    });
    assert!(refused.is_err());
}

/// A checkpoint written down elsewhere is asked for.
fn kept_elsewhere(store: &Store) {
    let hashes: Vec<Vec<u8>> = store
        .read_here(|r| {
            use andon::schema::checkpoints;
            let rows = checkpoints::table.order(checkpoints::number);
            Ok(rows.select(checkpoints::hash).load(&mut **r)?)
        })
        .unwrap();
    let kept = |number: i64, hash: &[u8]| {
        let kept = verify::Kept {
            number,
            hash: journal::hex(hash),
        };
        let mut lines = Vec::new();
        let mut line = |line: &str| lines.push(line.to_owned());
        verify::run(store, &[kept], &mut line).unwrap();
        lines
    };
    assert_eq!(kept(1, &hashes[0]), Vec::<String>::new());
    assert!(kept(1, &hashes[1])[0].contains("checkpoint 1: it is not the one"));
    assert!(kept(3, &hashes[1])[0].contains("checkpoint 3: it was kept elsewhere"));
}

#[test]
fn verify_finds_and_the_database_refuses() {
    each_database(|app| check(&app.site.store));
}

/// A second connection, past the product: without triggers, without foreign keys.
fn raw(store: &Store) -> Db {
    use andon::platform::db::connect::{Use, open};
    let mut conn = open(store.url(), Use::Write).unwrap();
    let past = match conn {
        Db::Sqlite(_) => {
            "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE; DROP TRIGGER facts_no_update; \
             DROP TRIGGER facts_no_delete; DROP TRIGGER checkpoints_no_update; \
             DROP TRIGGER checkpoints_no_delete;"
        }
        Db::Postgres(_) => "SET session_replication_role = replica; BEGIN;",
    };
    conn.batch_execute(past).unwrap();
    conn
}
