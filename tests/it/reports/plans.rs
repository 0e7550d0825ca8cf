//! How each database reads the figures: by an index that holds all of them.

use andon::platform::db::Backend;
use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use std::sync::{Arc, Mutex};

use super::figures::asked;
use crate::app::{App, each_database};
use crate::plans::explained;

/// Enough clocks for PostgreSQL to choose as it would on a desk.
const MANY: &str = "SET session_replication_role = replica; \
    INSERT INTO clocks SELECT md5('c' || i)::uuid, md5('r' || i)::uuid, \
    (ARRAY['resolution', 'first_response'])[1 + i % 2], 1, 0, md5('a')::uuid, md5('v')::uuid, md5('v')::uuid, \
    'stopped', now(), now(), now(), now(), CASE WHEN i % 20 = 0 THEN now() - i * interval '9 minutes' END, \
    1, 1, 0, NULL, NULL, (ARRAY['met', 'breached'])[1 + (i % 20 = 0)::int], \
    CASE WHEN i % 50 = 0 THEN '9999-12-31 00:00:00+00' ELSE now() - i * interval '9 minutes' END, \
    true, i % 300 = 0, false, false, 'incident', 1 + i % 4, NULL, md5('t' || i % 20)::uuid, NULL, NULL, NULL, '', now() \
    FROM generate_series(1, 60000) i; ANALYZE clocks";

/// The statements that reports run, with how they are run.
fn plans(app: &App) -> Vec<(String, String)> {
    let ask = asked(app, "2026-10-01", "2026-10-31");
    let mut conn = app.database.connect();
    if app.backend() == Backend::Postgres {
        conn.batch_execute(MANY).unwrap();
    }
    let ran = Arc::new(Mutex::new(Vec::<String>::new()));
    let log = ran.clone();
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            let text = query.to_string();
            log.lock()
                .unwrap()
                .push(text.split(" -- binds").next().unwrap().to_owned());
        }
    });
    let now = app.now();
    andon::reports::answer(&mut conn, &ask, now).unwrap();
    let mut statements: Vec<String> = std::mem::take(&mut *ran.lock().unwrap());
    statements.retain(|sql| sql.contains("FROM") && sql.contains("clocks"));
    statements.sort();
    statements.dedup();
    (statements.into_iter())
        .map(|sql| {
            let plan = explained(&mut conn, &sql);
            (sql, plan)
        })
        .collect()
}

#[test]
fn a_figure_is_one_scan_of_an_index_that_holds_all_of_it() {
    each_database(|app| {
        app.desk();
        let plans = plans(&app);
        assert!(plans.len() >= 3, "{plans:?}");
        for (sql, plan) in &plans {
            let told = format!("{sql}\n{plan}");
            if sql.contains("is_superseded") {
                assert!(plan.contains("clocks_superseded"), "{told}");
                continue;
            }
            assert!(plan.contains("clocks_report"), "{told}");
            match app.backend() {
                Backend::Sqlite => assert!(plan.contains("COVERING INDEX"), "{told}"),
                Backend::Postgres => assert!(!plan.contains("Seq Scan"), "{told}"),
            }
        }
    });
}
