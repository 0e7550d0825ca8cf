//! How both databases read the library and the lists of action items: by an index, in its order, however
//! many there were before.

use std::sync::{Arc, Mutex};

use andon::people::Visitor;
use andon::platform::db::{Backend, Db, Id, Utc};
use andon::postmortems::{Asked, Whose, items_besides, items_by_due, shelves};
use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};

use crate::app::{Database, backends};
use crate::plans::{HISTORY, explained};

/// Enough post-mortems and action items for PostgreSQL to choose as it would after years: few of them are
/// still to be done.
const MANY: &str = "UPDATE records SET kind = 'postmortem', state = 'closed', is_open = FALSE WHERE kind = 'change'; \
    UPDATE records SET kind = 'action', is_open = number % 20 = 2, \
    state = CASE WHEN number % 20 = 2 THEN 'open' ELSE 'verified' END WHERE kind = 'problem'; \
    INSERT INTO postmortems SELECT id, NULL, NULL, NULL, NULL, '', 0, '', '', 1, NULL FROM records WHERE kind = 'postmortem'; \
    INSERT INTO action_items SELECT id, id, 'detect', '', '', NULL, reported_at, NULL, NULL, NULL, NULL, NULL, NULL, is_open \
    FROM records WHERE kind = 'action'; ANALYZE records; ANALYZE postmortems; ANALYZE action_items";

/// The last statement that something runs, with how it is run.
fn plan(conn: &mut Db, of: impl FnOnce(&mut Db)) -> (String, String) {
    let ran = Arc::new(Mutex::new(String::new()));
    let log = ran.clone();
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            let sql = text.split(" -- binds").next().unwrap_or_default();
            sql.clone_into(&mut log.lock().unwrap());
        }
    });
    of(conn);
    conn.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    let sql = ran.lock().unwrap().clone();
    let plan = explained(conn, &sql);
    (sql, plan)
}

fn visitor() -> Visitor {
    let mut visitor = Visitor::command(Utc::from_micros(0));
    visitor.teams = vec![Id::new(), Id::new()];
    visitor
}

/// What a plan must not say: a table that grows read whole, or sorted. (Small ones, of people and teams, are
/// read as they are.)
#[track_caller]
fn assert_ordered(what: &str, (sql, plan): &(String, String)) {
    let told = format!("{what}\n{sql}\n{plan}");
    for words in [
        "Seq Scan on records",
        "Seq Scan on postmortems",
        "Seq Scan on action_items",
        "Sort Key",
        "SCAN records",
        "SCAN postmortems",
        "USE TEMP B-TREE FOR ORDER BY",
    ] {
        assert!(!plan.contains(words), "{words}: {told}");
    }
}

#[test]
fn the_library_is_read_in_the_order_of_an_index() {
    for backend in backends() {
        let database = Database::fresh(backend);
        let mut conn = database.connect();
        if backend == Backend::Postgres {
            conn.batch_execute(HISTORY).unwrap();
            conn.batch_execute(MANY).unwrap();
        }
        let visitor = visitor();
        let at = Utc::from_micros(1_700_000_000_000_000);
        let mut asked = vec![
            Asked::default(),
            Asked {
                from: Some(at),
                to: Some(at),
                ..Asked::default()
            },
        ];
        // Of one service there may be few; PostgreSQL goes by its statistics, which are a sample.
        if backend == Backend::Sqlite {
            asked.push(Asked {
                service: Some(Id::new()),
                ..Asked::default()
            });
        }
        for one in asked {
            let found = plan(&mut conn, |r| {
                shelves(r, &visitor, &one).unwrap();
            });
            assert_ordered(&format!("{backend:?} {one:?}"), &found);
        }
    }
}

#[test]
fn action_items_are_read_by_the_day_they_are_due() {
    for backend in backends() {
        let database = Database::fresh(backend);
        let mut conn = database.connect();
        if backend == Backend::Postgres {
            conn.batch_execute(HISTORY).unwrap();
            conn.batch_execute(MANY).unwrap();
        }
        let visitor = visitor();
        let place = (Utc::from_micros(1_700_000_000_000_000), Id::new());
        for after in [None, Some(place)] {
            let found = plan(&mut conn, |r| {
                items_by_due(r, &visitor, Whose::All, after).unwrap();
            });
            let told = format!("{backend:?} {after:?}");
            assert_ordered(&told, &found);
            assert!(found.1.contains("action_items_due"), "{told} {found:?}");
        }
        // Those of one person or team are few: either index will do.
        for whose in [Whose::Mine, Whose::Teams] {
            let (sql, plan) = plan(&mut conn, |r| {
                items_by_due(r, &visitor, whose, None).unwrap();
            });
            let by_index = plan.contains("action_items_due") || plan.contains("records_by_");
            assert!(by_index, "{backend:?} {whose:?}\n{sql}\n{plan}");
        }
        let (sql, plan) = plan(&mut conn, |r| {
            items_besides(r, &visitor, Whose::All).unwrap();
        });
        assert!(plan.contains("records_"), "{backend:?}\n{sql}\n{plan}");
        assert!(!plan.contains("Seq Scan on records"), "{sql}\n{plan}");
    }
}
