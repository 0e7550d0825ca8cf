//! Lists as they are read: page by page, and ([`plans`]) by which index.

mod plans;

use std::sync::{Arc, Mutex};

use diesel::connection::{Connection, InstrumentationEvent};
use diesel::sql_types::Text;

use super::*;
use crate::platform::db::connect::{DatabaseUrl, Use, open};
use crate::platform::db::migrate;
use crate::records::views::View;

struct Desk {
    _folder: tempfile::TempDir,
    conn: Db,
    visitor: Visitor,
    ran: Arc<Mutex<Vec<String>>>,
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// A migrated file with records of few priorities and instants, so that keys tie.
fn desk(records: usize) -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("desk.db"));
    migrate::up(&url).unwrap();
    let mut conn = open(&url, Use::Write).unwrap();
    let id = |n: usize| format!("unhex(printf('%032x', {n}))");
    for (table, from, row) in [
        (
            "people (id, name, mail, mail_key, phone, staff_number, language, zone, theme, single_keys, roles, \
             password_hash, disabled_at, created_at, version)",
            100,
            "'Person ' || i, '', NULL, '', NULL, 'en', 'UTC', 'auto', 1, 1, NULL, NULL, 0, 1",
        ),
        ("teams", 200, "'Team ' || i, 'team ' || i, NULL, NULL, 1"),
        (
            "services",
            300,
            "'Service ' || i, 's' || i, NULL, NULL, 2, NULL, 1",
        ),
    ] {
        run(
            &mut conn,
            &format!(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4) INSERT INTO {table} SELECT unhex(printf('%032x', {from} + i)), {row} FROM n"
            ),
        );
    }
    run(
        &mut conn,
        &format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {records}), \
         r AS (SELECT i, (i * 7919) % 1009 AS a, i % 5 <> 0 AS open FROM n) \
         INSERT INTO records (id, kind, number, title, requester_id, service_id, category_id, \
         team_id, assignee_id, channel, impact, urgency, priority, priority_source, priority_reason, \
         state, state_group, is_open, created_at, reported_at, updated_at, next_due_at, resolved_at, \
         closed_at, reassignments, reopens, version, facts, facts_head, description) \
         SELECT unhex(printf('%032x', 5000 + a * 7 + i * 8000)), \
         CASE a % 4 WHEN 0 THEN 'incident' WHEN 1 THEN 'request' WHEN 2 THEN 'problem' ELSE 'change' END, i, \
         'Title ' || i, {}, CASE WHEN a % 3 = 0 THEN {} END, NULL, unhex(printf('%032x', 201 + a % 4)), \
         CASE WHEN a % 3 > 0 THEN unhex(printf('%032x', 101 + a % 2)) END, 'phone', 2, 2, 1 + a % 3, 'matrix', '', \
         CASE WHEN open AND a % 7 = 0 THEN 'waiting' WHEN open THEN 'new' ELSE 'closed' END, \
         CASE WHEN open AND a % 7 = 0 THEN 'waiting' WHEN open THEN 'open' ELSE 'done' END, open, \
         0, 1000000 * (a % 11), 1000000 * (a % 13), 0, NULL, NULL, 0, 0, 1, 1, x'00', '' FROM r",
            id(104),
            id(301)
        ),
    );
    run(
        &mut conn,
        &format!(
            "UPDATE records SET owner_team_id = {} WHERE number % 3 > 0",
            id(201)
        ),
    );
    run(
        &mut conn,
        "INSERT INTO handover_tallies SELECT owner_team_id, team_id, count(*) FROM records \
         WHERE is_open = 1 AND owner_team_id <> team_id GROUP BY 1, 2",
    );
    run(
        &mut conn,
        "UPDATE records SET is_flagged = 1 WHERE is_open = 1 AND priority = 1",
    );
    run(
        &mut conn,
        "INSERT INTO record_tallies SELECT kind, state_group, team_id, coalesce(assignee_id, zeroblob(16)), count(*) FROM records WHERE is_open = 1 GROUP BY 1, 2, 3, 4",
    );
    run(
        &mut conn,
        "INSERT INTO record_tallies VALUES ('incident', 'open', x'00', x'00', 0)",
    );
    for team in [201, 202] {
        run(
            &mut conn,
            &format!(
                "INSERT INTO team_members VALUES ({}, {})",
                id(101),
                id(team)
            ),
        );
    }
    let ran = Arc::new(Mutex::new(Vec::new()));
    let log = ran.clone();
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            let sql = text.split(" -- binds").next().unwrap();
            log.lock().unwrap().push(sql.to_owned());
        }
    });
    let mut visitor = Visitor::command(Utc::from_micros(0));
    visitor.id = Id::from_uuid(uuid::Uuid::from_u128(101));
    visitor.teams = vec![uuid::Uuid::from_u128(201), uuid::Uuid::from_u128(202)]
        .into_iter()
        .map(Id::from_uuid)
        .collect();
    Desk {
        _folder: folder,
        conn,
        visitor,
        ran,
    }
}

fn run(conn: &mut Db, sql: &str) {
    diesel::sql_query(sql).execute(conn).unwrap();
}

impl Desk {
    fn page(&mut self, filter: &Filter, order: Order, way: Way, from: Option<&str>) -> Page<Row> {
        list(&mut self.conn, &self.visitor, filter, order, way, from, 50).unwrap()
    }

    /// How SQLite means to run the last statement.
    fn plan(&mut self) -> Vec<String> {
        let sql = self.ran.lock().unwrap().last().unwrap().clone();
        let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}"))
            .load(&mut self.conn)
            .unwrap();
        steps.into_iter().map(|step| step.detail).collect()
    }

    fn all(&mut self, filter: &Filter, order: Order) -> Vec<String> {
        list(
            &mut self.conn,
            &self.visitor,
            filter,
            order,
            Way::Next,
            None,
            10_000,
        )
        .unwrap()
        .rows
        .iter()
        .map(|row| row.number().to_string())
        .collect()
    }
}

/// Nothing that ended is due, and no list of it asks for that order.
fn orders_of_ended() -> impl Iterator<Item = Order> {
    orders().filter(|order| order.sort != Sort::Due)
}

fn orders() -> impl Iterator<Item = Order> {
    Sort::ALL.iter().flat_map(|sort| {
        [true, false].map(|ascending| Order {
            sort: *sort,
            ascending,
        })
    })
}

#[test]
fn a_list_in_parts_is_one_list() {
    let mut desk = desk(420);
    let teams = desk.visitor.teams.clone();
    for open in [Some(false), None] {
        for order in orders_of_ended() {
            let filter = Filter {
                open,
                teams: Some(teams.clone()),
                ..Filter::default()
            };
            let all = desk.all(&filter, order);
            let each: usize = teams
                .iter()
                .map(|team| {
                    let one = Filter {
                        teams: Some(vec![*team]),
                        ..filter.clone()
                    };
                    desk.all(&one, order).len()
                })
                .sum();
            assert!(all.len() > 20 && all.len() == each, "{open:?} {order:?}");
            let (mut seen, mut from) = (Vec::new(), None);
            loop {
                let page = list(
                    &mut desk.conn,
                    &desk.visitor,
                    &filter,
                    order,
                    Way::Next,
                    from.as_deref(),
                    7,
                )
                .unwrap();
                seen.extend(page.rows.iter().map(|r| r.number().to_string()));
                match page.next {
                    Some(key) => from = Some(key),
                    None => break,
                }
            }
            assert_eq!(seen, all, "{open:?} {order:?}");
        }
    }
}

#[test]
fn pages_go_through_every_record_once_there_and_back() {
    let mut desk = desk(420);
    for open in [Some(true), Some(false), None] {
        for order in orders_of_ended() {
            let filter = Filter {
                open,
                ..Filter::default()
            };
            let all = desk.all(&filter, order);
            assert_eq!(
                all.len(),
                match open {
                    Some(true) => 336,
                    Some(false) => 84,
                    None => 420,
                }
            );
            let (mut seen, mut from) = (Vec::new(), None);
            let (last, mut from) = loop {
                let page = desk.page(&filter, order, Way::Next, from.as_deref());
                let rows: Vec<String> = page.rows.iter().map(|r| r.number().to_string()).collect();
                seen.extend(rows.clone());
                match page.next {
                    Some(key) => from = Some(key),
                    None => break (rows, page.previous),
                }
            };
            assert_eq!(seen, all, "{open:?} {order:?}");
            let mut back = last;
            while let Some(key) = from {
                let page = desk.page(&filter, order, Way::Previous, Some(&key));
                let mut rows: Vec<String> =
                    page.rows.iter().map(|r| r.number().to_string()).collect();
                rows.append(&mut back);
                back = rows;
                from = page.previous;
            }
            assert_eq!(back, all, "{open:?} {order:?} back");
        }
    }
}

#[test]
fn the_most_urgent_come_first_and_numbers_count() {
    let mut desk = desk(60);
    let filter = Filter {
        kind: Some(Kind::Incident),
        ..Filter::default()
    };
    let page = desk.page(&filter, Order::natural(Sort::Priority), Way::Next, None);
    let keys: Vec<(i32, Utc)> = page
        .rows
        .iter()
        .map(|r| (r.priority, r.reported_at))
        .collect();
    let mut sorted = keys.clone();
    sorted.sort();
    assert!(keys.len() > 5 && keys == sorted);
    let page = desk.page(&filter, Order::natural(Sort::Number), Way::Next, None);
    assert!(page.rows.is_sorted_by_key(|r| std::cmp::Reverse(r.n)));
}

#[test]
fn a_view_counts_what_it_shows() {
    let mut desk = desk(300);
    let counts = counts(&mut desk.conn, &desk.visitor).unwrap();
    for view in View::ALL {
        let filter = view.filter(&desk.visitor);
        let shown = desk.all(&filter, Order::natural(Sort::Priority)).len();
        assert_eq!(view.count(&counts), shown as i64, "{view}");
        // Nobody logs a post-mortem or an action: the desk of this test has none.
        let made = ![View::Postmortem, View::Action].contains(view);
        assert!(!made || shown > 5, "{view}");
    }
}

/// What a row's lamp says, the filter and the counts say as well, also at the very instants.
#[test]
fn a_lamp_is_one_answer_in_rust_and_in_sql() {
    let mut desk = desk(300);
    let now = Utc::from_micros(1_000_000);
    desk.visitor.now = now;
    // Every state with every order of due, at risk and now.
    run(
        &mut desk.conn,
        "UPDATE records SET clock_state = CASE number % 4 WHEN 0 THEN 'running' WHEN 1 THEN 'paused' \
         WHEN 2 THEN 'met' ELSE 'none' END, next_due_at = 999999 + (number / 4) % 3, \
         next_risk_at = 999999 + (number / 12) % 3",
    );
    let open = Filter {
        open: Some(true),
        ..Filter::default()
    };
    let order = Order::natural(Sort::Due);
    let rows = list(
        &mut desk.conn,
        &desk.visitor,
        &open,
        order,
        Way::Next,
        None,
        1_000,
    );
    let rows = rows.unwrap().rows;
    let counts = lamps(&mut desk.conn, &desk.visitor, &open, now).unwrap();
    assert_eq!(counts.len(), Lamp::ALL.len(), "{counts:?}");
    for (lamp, n) in counts {
        let showing = rows.iter().filter(|row| row.standing().lamp(now) == lamp);
        let showing: Vec<_> = showing.map(|row| row.number().to_string()).collect();
        let filter = Filter {
            lamp: Some((lamp, now)),
            ..open.clone()
        };
        assert_eq!(desk.all(&filter, order), showing, "{lamp:?}");
        assert_eq!(n, showing.len() as i64, "{lamp:?}");
    }
    let line = line(&mut desk.conn, now).unwrap();
    let of = |lamp| {
        rows.iter()
            .filter(|row| row.standing().lamp(now) == lamp)
            .count() as i64
    };
    let found = [line.breached, line.at_risk, line.on_track, line.paused];
    assert_eq!(
        found,
        [Lamp::Breach, Lamp::Risk, Lamp::Ok, Lamp::Paused].map(of)
    );
}

#[test]
fn an_export_is_every_filtered_record_once() {
    let mut desk = desk(420);
    let filter = Filter {
        priority: Some(2),
        ..Filter::default()
    };
    let (mut numbers, mut from) = (Vec::new(), None);
    loop {
        let (rows, next) =
            list_for_export(&mut desk.conn, &desk.visitor, &filter, from.as_deref(), 20).unwrap();
        numbers.extend(rows.iter().map(|r| r.row.row.number().to_string()));
        match next {
            Some(key) => from = Some(key),
            None => break,
        }
    }
    assert_eq!(numbers, desk.all(&filter, Order::BY_NUMBER));
    assert!(numbers.len() > 100);
}

#[test]
fn somebody_who_may_not_work_sees_only_their_own() {
    let mut desk = desk(60);
    desk.visitor.roles = crate::people::Roles::NONE;
    assert!(desk.all(&Filter::default(), Order::BY_NUMBER).is_empty());
    desk.visitor.id = Id::from_uuid(uuid::Uuid::from_u128(104));
    let person = desk.visitor.id;
    let open = open_of(&mut desk.conn, &desk.visitor, person, 5).unwrap();
    assert_eq!(open.len(), 5);
    assert!(open.is_sorted_by_key(|r| std::cmp::Reverse(r.reported_at)));
}

#[test]
fn what_is_no_key_is_ignored() {
    let mut desk = desk(60);
    for text in ["", "1", "x.1.incident.1.1", "1.1.1.1.1", "' OR 1=1 --"] {
        assert!(!is_key(text));
        let page = desk.page(&Filter::default(), Order::BY_NUMBER, Way::Next, Some(text));
        assert_eq!(page.rows.len(), 50);
        assert_eq!(page.previous, None);
    }
}

#[test]
fn ended_children_are_counted_no_further_than_asked() {
    let mut desk = desk(300);
    let parent: Id<Record> = records::table
        .filter(records::is_open.eq(true))
        .select(records::id)
        .first(&mut desk.conn)
        .unwrap();
    let ended = diesel::update(records::table.filter(records::is_open.eq(false)))
        .set(records::parent_id.eq(parent))
        .execute(&mut desk.conn)
        .unwrap();
    assert!(ended > 2);
    for most in [2, 1_000] {
        let counted = crate::records::store::finished_children_of(
            &mut desk.conn,
            &desk.visitor,
            parent,
            most,
        );
        assert_eq!(counted.unwrap(), ended.min(most));
    }
}
