use std::sync::{Arc, Mutex};

use diesel::connection::{Connection, InstrumentationEvent};
use diesel::prelude::*;

use super::*;
use crate::entries::{Audience, NewEntry};
use crate::people::{Person, Roles};
use crate::platform::db::connect::{DatabaseUrl, Use, open};
use crate::platform::db::migrate;
use crate::platform::kernel::text::QueryLimits;
use crate::search::{index_internal, index_public, reindex_records, similar_open};

struct Desk {
    _folder: tempfile::TempDir,
    conn: Db,
    agent: Visitor,
    ran: Arc<Mutex<Vec<String>>>,
}

fn record(n: i64) -> Id<Record> {
    Id::from_uuid(uuid::Uuid::from_u128(1_000 + n as u128))
}

fn person(n: u128) -> Id<Person> {
    Id::from_uuid(uuid::Uuid::from_u128(n))
}

fn run(conn: &mut Db, sql: String) {
    diesel::sql_query(sql).execute(conn).unwrap();
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("desk.db"));
    migrate::up(&url).unwrap();
    let mut conn = open(&url, Use::Write).unwrap();
    for n in [1, 2] {
        run(
            &mut conn,
            format!(
                "INSERT INTO people (id, name, mail, mail_key, phone, staff_number, language, zone, theme, single_keys, roles, \
                 password_hash, disabled_at, created_at, version) \
                 VALUES (unhex(printf('%032x', {n})), 'Person {n}', '', NULL, '', NULL, 'en', 'UTC', 'auto', 1, 0, NULL, NULL, 0, 1)"
            ),
        );
    }
    let ran = Arc::new(Mutex::new(Vec::new()));
    let log = ran.clone();
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            log.lock().unwrap().push(query.to_string());
        }
    });
    Desk {
        _folder: folder,
        conn,
        agent: Visitor::command(Utc::from_micros(0)),
        ran,
    }
}

impl Desk {
    fn log(&mut self, n: i64, requester: u128, title: &str, description: &str) {
        run(
            &mut self.conn,
            format!(
                "INSERT INTO records (id, kind, number, title, requester_id, service_id, category_id, \
             team_id, assignee_id, channel, impact, urgency, priority, priority_source, priority_reason, \
             state, state_group, is_open, created_at, reported_at, updated_at, next_due_at, resolved_at, \
             closed_at, reassignments, reopens, version, facts, facts_head, description) \
             SELECT unhex(printf('%032x', {})), 'incident', {n}, '{title}', unhex(printf('%032x', {requester})), \
             NULL, NULL, NULL, NULL, 'phone', 2, 2, 3, 'matrix', '', 'new', 'open', 1, 0, {n}, 0, 0, NULL, NULL, 0, 0, 1, 1, x'00', '{description}'",
                1_000 + n
            ),
        );
        let logged = crate::records::find_by_id(&mut self.conn, record(n)).unwrap();
        reindex_records(&mut self.conn, &[logged]).unwrap();
    }

    fn say(&mut self, n: i64, audience: Audience, body: &str) {
        let id = Id::new();
        let entry = NewEntry {
            id,
            record: record(n).cast(),
            audience,
            channel: "web",
            author: None,
            author_name: "",
            at: Utc::from_micros(n),
            body,
            chaser: false,
        };
        entries::insert_entry(&mut self.conn, &entry).unwrap();
        match audience {
            Audience::Public => index_public(&mut self.conn, record(n), id, body).unwrap(),
            Audience::Internal | Audience::Contact => {
                index_internal(&mut self.conn, record(n), id, body).unwrap();
            }
        }
    }

    /// Somebody without any role.
    fn requester(&self, n: u128) -> Visitor {
        let mut visitor = self.agent.clone();
        visitor.id = person(n);
        visitor.roles = Roles::NONE;
        visitor
    }

    fn find(&mut self, visitor: &Visitor, typed: &str, from: Option<&str>) -> Outcome {
        let query = Query::parse(typed, QueryLimits::default()).unwrap();
        newest(&mut self.conn, visitor, &query, from).unwrap()
    }

    fn rank(&mut self, visitor: &Visitor, typed: &str, from: Option<&str>) -> Outcome {
        let query = Query::parse(typed, QueryLimits::default()).unwrap();
        best(&mut self.conn, visitor, &query, from).unwrap()
    }
}

fn numbers(outcome: &Outcome) -> Vec<i64> {
    outcome.results.iter().map(|found| found.number.n).collect()
}

#[test]
fn a_word_in_a_note_is_nonsense_to_a_requester() {
    let mut desk = desk();
    desk.log(1, 1, "Printer jams", "It jams on every page");
    desk.say(1, Audience::Public, "We look into it");
    desk.say(1, Audience::Internal, "canaryword: he broke it himself");
    let agent = desk.agent.clone();
    let found = desk.find(&agent, "canaryword", None);
    assert_eq!(numbers(&found), [1]);
    assert_eq!(found.results[0].source, Source::Note);
    assert_eq!(numbers(&desk.rank(&agent, "canaryword", None)), [1]);

    let requester = desk.requester(1);
    desk.ran.lock().unwrap().clear();
    for typed in [
        "canaryword",
        "canary",
        "\"canaryword he\"",
        "printer canaryword",
    ] {
        for outcome in [
            desk.find(&requester, typed, None),
            desk.rank(&requester, typed, None),
        ] {
            let nonsense = desk.find(&requester, "qwxnonsense", None);
            assert_eq!(outcome.results.len(), nonsense.results.len(), "{typed}");
            assert_eq!(
                (outcome.next, outcome.too_many),
                (nonsense.next, nonsense.too_many)
            );
        }
    }
    assert_eq!(numbers(&desk.find(&requester, "look", None)), [1]);
    assert_eq!(
        desk.find(&requester, "jams", None).results[0].source,
        Source::Public
    );
    let ran = desk.ran.lock().unwrap().join("\n");
    assert!(ran.contains("search_public") && !ran.contains("search_internal"));
    assert!(
        similar_open(&mut desk.conn, &requester, "canaryword", 5)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn a_requester_finds_in_their_own_records_only() {
    let mut desk = desk();
    desk.log(1, 1, "Printer jams", "");
    desk.log(2, 2, "Printer slow", "");
    let (one, other) = (desk.requester(1), desk.requester(7));
    assert_eq!(numbers(&desk.find(&one, "printer", None)), [1]);
    assert_eq!(numbers(&desk.rank(&one, "printer", None)), [1]);
    assert!(desk.find(&other, "printer", None).results.is_empty());
    run(
        &mut desk.conn,
        format!(
            "INSERT INTO watchers VALUES ((SELECT id FROM records WHERE number = 2), unhex(printf('%032x', {})), 0)",
            1
        ),
    );
    assert_eq!(numbers(&desk.find(&one, "printer", None)), [2, 1]);
}

#[test]
fn a_record_is_one_result_where_its_newest_find_is() {
    let mut desk = desk();
    for n in 1..=60 {
        desk.log(n, 1, "Monitor flickers", "");
    }
    for n in [3, 1, 3, 40] {
        desk.say(n, Audience::Public, "the monitor again");
        desk.say(n, Audience::Internal, "monitor swapped");
    }
    let agent = desk.agent.clone();
    let (mut seen, mut from, mut pages) = (Vec::new(), None, 0);
    loop {
        let outcome = desk.find(&agent, "monitor", from.as_deref());
        seen.extend(numbers(&outcome));
        pages += 1;
        match outcome.next {
            Some(key) => from = Some(key),
            None => break,
        }
    }
    let mut expected = vec![40, 3, 1];
    expected.extend((1..=60).rev().filter(|n| ![40, 3, 1].contains(n)));
    assert_eq!((seen, pages), (expected, 3));
}

#[test]
fn one_record_that_says_it_a_thousand_times_costs_no_more() {
    let mut desk = desk();
    desk.log(1, 1, "Old needle", "");
    desk.log(2, 1, "Chatter", "");
    run(&mut desk.conn, "BEGIN".into());
    for _ in 0..3_000 {
        desk.say(2, Audience::Public, "needle");
    }
    run(&mut desk.conn, "COMMIT".into());
    let agent = desk.agent.clone();
    let first = desk.find(&agent, "needle", None);
    assert_eq!((numbers(&first), first.too_many), (vec![2], true));
    let mut from = first.next;
    let mut seen = Vec::new();
    while let Some(key) = from {
        let outcome = desk.find(&agent, "needle", Some(&key));
        seen.extend(numbers(&outcome));
        from = outcome.next;
    }
    assert_eq!(seen, [1]);
    let ranked = desk.rank(&agent, "needle", None);
    assert_eq!((numbers(&ranked), ranked.too_many), (vec![2], true));
}

#[test]
fn best_match_prefers_titles_and_pages_by_rank() {
    let mut desk = desk();
    desk.log(1, 1, "Mailbox full, mailbox locked", "");
    desk.log(2, 1, "Cannot send", "The mailbox is full");
    desk.log(3, 1, "Mailbox", "");
    for n in 10..40 {
        desk.log(n, 1, "Other", "one mailbox");
    }
    let agent = desk.agent.clone();
    let first = desk.rank(&agent, "mailbox", None);
    assert_eq!(numbers(&first)[..2], [1, 3]);
    assert_eq!(first.results.len(), PAGE);
    let second = desk.rank(&agent, "mailbox", first.next.as_deref());
    let mut all = numbers(&first);
    all.extend(numbers(&second));
    all.sort_unstable();
    let mut expected = vec![1, 2, 3];
    expected.extend(10..40);
    assert_eq!((all, second.next), (expected, None));
}

#[test]
fn all_words_a_phrase_and_a_beginning() {
    let mut desk = desk();
    desk.log(1, 1, "Café printer: paper jam", "");
    desk.log(2, 1, "Jam in the paper tray", "");
    let agent = desk.agent.clone();
    for (typed, expected) in [
        ("paper jam", vec![2, 1]),
        ("\"paper jam\"", vec![1]),
        ("CAFE", vec![1]),
        ("tra", vec![2]),
        ("tr", vec![]),
        ("paper NOT", vec![]),
    ] {
        assert_eq!(
            numbers(&desk.find(&agent, typed, None)),
            expected,
            "{typed}"
        );
    }
    let found = desk.find(&agent, "tra", None);
    let marks: Vec<&str> = found.results[0]
        .title
        .iter()
        .filter(|piece| piece.hit)
        .map(|piece| piece.text.as_str())
        .collect();
    assert_eq!(marks, ["tray"]);
}

#[test]
fn similar_incidents_are_open_ones() {
    let mut desk = desk();
    desk.log(1, 1, "Printer jams on floor 2", "");
    desk.log(2, 1, "Printer jams in the lobby", "");
    desk.log(3, 1, "Payroll export rejected", "");
    run(
        &mut desk.conn,
        "UPDATE records SET is_open = 0 WHERE number = 2".into(),
    );
    let agent = desk.agent.clone();
    let found = similar_open(&mut desk.conn, &agent, "The printer jams again", 5).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].number.n, found[0].why.join(" ")),
        (1, "printer jams".to_owned())
    );
    let found = similar_open(&mut desk.conn, &agent, "payroll", 5).unwrap();
    assert_eq!(found[0].number.n, 3);
    assert!(
        similar_open(&mut desk.conn, &agent, " ! ", 5)
            .unwrap()
            .is_empty()
    );
}
