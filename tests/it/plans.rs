//! How PostgreSQL reads the lists: every view and every filter of finished records, in every order,
//! by an index that has that order. (How SQLite does is told beside the lists themselves.)

use std::sync::{Arc, Mutex};

use andon::people::Visitor;
use andon::platform::db::page::Way;
use andon::platform::db::{Backend, Db, Id, Utc};
use andon::records::views::View;
use andon::records::{Channel, Filter, Kind, Order, Sort, fair_order, list, oldest_waiting};
use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};

use crate::app::{Database, backends, lines};

/// A history in which services, teams and people are many and each has some records.
pub const HISTORY: &str = "SET session_replication_role = replica; \
    INSERT INTO records SELECT md5('r' || i)::uuid, \
    (ARRAY['incident', 'request', 'problem', 'change'])[1 + i % 4], i, 'Title ' || i, \
    md5('person' || i % 2000)::uuid, md5('service' || i % 60)::uuid, md5('category' || i % 40)::uuid, \
    CASE WHEN i % 31 > 0 THEN md5('team' || i % 29)::uuid END, \
    CASE WHEN i % 37 > 0 THEN md5('agent' || i % 53)::uuid END, \
    (ARRAY['phone', 'mail', 'portal', 'walk_up'])[1 + i % 4], 2, 2, 1 + i % 3, 'matrix', '', \
    CASE WHEN i % 20 = 0 THEN 'new' ELSE 'closed' END, CASE WHEN i % 20 = 0 THEN 'open' ELSE 'done' END, \
    i % 20 = 0, now(), now() - i * interval '7 minutes', now() - (i * 7919 % 30011) * interval '1 minute', \
    now(), NULL, NULL, 0, 0, 1, 1, '\\x00', '' FROM generate_series(1, 30000) i; \
    ANALYZE records";

/// Sets one filter.
type Narrow<'a> = &'a dyn Fn(&mut Filter);

struct History {
    conn: Db,
    visitor: Visitor,
    ran: Arc<Mutex<Vec<String>>>,
}

impl History {
    fn of(database: &Database) -> History {
        let mut conn = database.connect();
        conn.batch_execute(HISTORY).unwrap();
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
        visitor.teams = vec![Id::new(), Id::new()];
        History { conn, visitor, ran }
    }

    /// How the last statement of a page is run, whatever its values are.
    fn plan(&mut self, filter: &Filter, order: Order, way: Way, from: Option<&str>) -> String {
        list(&mut self.conn, &self.visitor, filter, order, way, from, 50).unwrap();
        let sql = self.ran.lock().unwrap().last().unwrap().clone();
        explained(&mut self.conn, &sql)
    }
}

/// How a database means to run a statement, whatever its values are.
pub fn explained(conn: &mut Db, sql: &str) -> String {
    if matches!(conn, Db::Sqlite(_)) {
        return details(conn, &format!("EXPLAIN QUERY PLAN {sql}")).join("\n");
    }
    let values = sql.matches('$').count();
    let nothing = vec!["NULL"; values].join(", ");
    // The column of EXPLAIN has a name of its own, which a function gives another.
    conn.batch_execute(&format!(
        "SET plan_cache_mode = force_generic_plan; PREPARE page AS {sql}; \
         CREATE OR REPLACE FUNCTION pg_temp.plan() RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN \
         RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) EXECUTE page({nothing})'; END $$",
    ))
    .unwrap();
    let plan = lines(conn, "SELECT pg_temp.plan() AS line").join("\n");
    conn.batch_execute("DEALLOCATE page").unwrap();
    plan
}

fn details(conn: &mut Db, text: &str) -> Vec<String> {
    use diesel::prelude::*;
    #[derive(QueryableByName)]
    struct Step {
        #[diesel(sql_type = diesel::sql_types::Text)]
        detail: String,
    }
    // Placeholders that are not bound are null.
    let steps: Vec<Step> = diesel::sql_query(text).load(conn).unwrap();
    steps.into_iter().map(|s| s.detail).collect()
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
fn postgres_reads_lists_in_the_order_of_an_index() {
    if !backends().contains(&Backend::Postgres) {
        return;
    }
    let database = Database::fresh(Backend::Postgres);
    let mut history = History::of(&database);
    let done = Filter {
        open: Some(false),
        ..Filter::default()
    };
    let some = Id::<()>::new();
    let mut filters: Vec<(String, Filter)> = View::ALL
        .iter()
        .map(|view| (String::new(), view.filter(&history.visitor)))
        .collect();
    let handed_over = Filter {
        open: Some(true),
        handed_over_by: Some(vec![some.cast()]),
        ..Filter::default()
    };
    let urgent = Order::natural(Sort::Priority);
    let plan = history.plan(&handed_over, urgent, Way::Next, None);
    assert!(plan.contains("records_by_owner"), "{plan}");
    let narrowed: [(&str, Narrow<'_>); 9] = [
        ("service", &|f| f.service = Some(some.cast())),
        ("category", &|f| f.category = Some(some.cast())),
        ("channel", &|f| f.channel = Some(Channel::Chat)),
        ("kind", &|f| f.kind = Some(Kind::Problem)),
        ("team", &|f| f.teams = Some(vec![some.cast()])),
        ("team", &|f| f.teams = Some(vec![some.cast(), Id::new()])),
        ("team", &|f| f.no_team = true),
        ("assignee", &|f| f.assignee = Some(some.cast())),
        ("assignee", &|f| f.unassigned = true),
    ];
    for (name, narrow) in narrowed {
        let mut filter = done.clone();
        narrow(&mut filter);
        filters.push((name.to_owned(), filter));
    }
    let key = "2.1700000000000000.incident.9000.00000000-0000-0000-0000-000000000001";
    for (name, filter) in &filters {
        let open = filter.open == Some(true);
        for order in orders().filter(|order| open || order.sort != Sort::Due) {
            for (way, from) in [(Way::Next, None), (Way::Previous, Some(key))] {
                let plan = history.plan(filter, order, way, from);
                let told = format!("{filter:?} {order:?}:\n{plan}");
                assert!(!plan.contains("Seq Scan on records"), "{told}");
                if name.is_empty() {
                    // Open records are few, so reading those of a view and sorting them will do.
                    assert!(plan.contains("records_"), "{told}");
                    continue;
                }
                // Whose names are joined may be sorted; the records come in order as they are read.
                assert!(!plan.contains("Sort Key: records"), "{told}");
                let own = format!("records_done_{name}_{}", order.sort);
                let by_number = order.sort == Sort::Number && name == "kind";
                let by_priority =
                    order.sort == Sort::Priority && plan.contains(&format!("records_by_{name}"));
                assert!(by_number || by_priority || plan.contains(&own), "{told}");
            }
        }
    }
}

#[test]
fn postgres_finds_a_requester_and_reads_all_records_in_order() {
    if !backends().contains(&Backend::Postgres) {
        return;
    }
    let database = Database::fresh(Backend::Postgres);
    let mut history = History::of(&database);
    for order in orders_of_ended() {
        let mut filter = Filter {
            open: Some(false),
            requester: Some(Id::new()),
            ..Filter::default()
        };
        let plan = history.plan(&filter, order, Way::Next, None);
        assert!(plan.contains("records_by_requester"), "{order:?}: {plan}");
        filter.requester = None;
        filter.major = true;
        let plan = history.plan(&filter, order, Way::Next, None);
        assert!(plan.contains("records_major"), "{order:?}: {plan}");
        filter.major = false;
        for open in [Some(false), None] {
            filter.open = open;
            let plan = history.plan(&filter, order, Way::Next, None);
            assert!(!plan.contains("Sort Key: records"), "{order:?}: {plan}");
            assert!(!plan.contains("Seq Scan on records"), "{order:?}: {plan}");
        }
    }
}

#[test]
fn postgres_finds_children_by_their_index() {
    if !backends().contains(&Backend::Postgres) {
        return;
    }
    let database = Database::fresh(Backend::Postgres);
    let mut history = History::of(&database);
    let families = "UPDATE records SET parent_id = md5('r' || (number / 50) * 50 + 1)::uuid WHERE number % 50 > 1 AND number > 20000; ANALYZE records";
    history.conn.batch_execute(families).unwrap();
    for order in orders() {
        for open in [Some(true), Some(false), None] {
            let filter = Filter {
                open,
                parent: Some(Id::new()),
                ..Filter::default()
            };
            let plan = history.plan(&filter, order, Way::Next, None);
            assert!(
                plan.contains("records_by_parent"),
                "{order:?} {open:?}: {plan}"
            );
        }
    }
}

#[test]
fn postgres_finds_what_is_next_in_the_fair_order_by_its_index() {
    if !backends().contains(&Backend::Postgres) {
        return;
    }
    let database = Database::fresh(Backend::Postgres);
    let mut history = History::of(&database);
    fair_order(&mut history.conn, &history.visitor, Id::new(), 30).unwrap();
    let sql = history.ran.lock().unwrap().last().unwrap().clone();
    let plan = explained(&mut history.conn, &sql);
    assert!(
        plan.contains("records_fair") && !plan.contains("Sort"),
        "{plan}"
    );
    oldest_waiting(&mut history.conn, &history.visitor, Kind::Problem).unwrap();
    let sql = history.ran.lock().unwrap().last().unwrap().clone();
    let plan = explained(&mut history.conn, &sql);
    assert!(
        // Of a few that wait, sorting them is as good.
        plan.contains("records_entered") || plan.contains("records_fair"),
        "{plan}"
    );
}
