//! How each database reads the figures: by an index that holds all of them.

use andon::platform::db::{Backend, Db};
use diesel::connection::{Connection, InstrumentationEvent, SimpleConnection};
use std::sync::{Arc, Mutex};

use super::figures::asked;
use crate::app::{App, each_database, lines};

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
    let backend = app.backend();
    (statements.into_iter())
        .map(|sql| {
            let plan = explained(&mut conn, backend, &sql);
            (sql, plan)
        })
        .collect()
}

fn explained(conn: &mut Db, backend: Backend, sql: &str) -> String {
    if backend == Backend::Sqlite {
        let text = format!("EXPLAIN QUERY PLAN {sql}");
        return details(conn, &text).join("\n");
    }
    let values = vec!["NULL"; sql.matches('$').count()].join(", ");
    conn.batch_execute(&format!(
        "SET plan_cache_mode = force_generic_plan; PREPARE figure AS {sql}; \
         CREATE OR REPLACE FUNCTION pg_temp.plan() RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN \
         RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) EXECUTE figure({values})'; END $$",
    ))
    .unwrap();
    let plan = lines(conn, "SELECT pg_temp.plan() AS line").join("\n");
    conn.batch_execute("DEALLOCATE figure").unwrap();
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
