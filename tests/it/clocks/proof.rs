//! `andon verify --sla`: every clock counted again, and whatever was done to a row found.

use std::cell::RefCell;

use andon::app::verify;
use andon::platform::kernel::error::Error;
use andon::records::Channel;
use serde_json::json;
use time::Duration;

use super::{agreement, always};
use crate::app::{App, LogCall, each_database};

/// Nothing but what the facts come to; says how many clocks that was.
#[track_caller]
pub fn proved(app: &App) -> u64 {
    let mut lines = Vec::new();
    let found = verify::clocks(&app.site.store, app.now(), &mut |line| {
        lines.push(line.to_owned());
    });
    let found = found.expect("clocks that can be counted");
    assert_eq!(lines, Vec::<String>::new());
    assert_eq!(found.differences, 0);
    found.seen.clocks
}

/// What is found after a statement that is taken back.
fn found_after(app: &App, statement: &str) -> Vec<String> {
    use diesel::RunQueryDsl;
    let lines = RefCell::new(Vec::new());
    let now = app.now();
    let undone = app.site.store.write_here(|w| {
        let changed = diesel::sql_query(statement).execute(&mut **w)?;
        assert!(changed > 0, "{statement}");
        lines.borrow_mut().clear();
        verify::look_at_clocks(w, now, &mut |line| lines.borrow_mut().push(line.to_owned()))?;
        Err::<(), _>(Error::refused("error-refused"))
    });
    assert!(undone.is_err());
    lines.into_inner()
}

#[test]
fn a_clock_that_was_edited_dropped_or_made_up_is_found() {
    each_database(|app| {
        let desk = app.desk();
        let calendar = always(&app, &desk.administrator);
        let targets =
            json!({"first_response": "30 business minutes", "resolution": "4 business hours"});
        let steps = json!({"steps": [{"target": "resolution", "when": {"percent": 50}, "tell": ["assignee"], "flag": false}]});
        agreement(
            &app,
            &desk.administrator,
            calendar,
            "Incidents",
            targets,
            steps,
        );
        app.work();
        let call = |title| LogCall::incident(title).from(&desk.requester);
        let solved = app.log_by(&desk.agent, &call("Solved"), Channel::Portal);
        app.log_by(&desk.agent, &call("Late"), Channel::Portal);
        app.log(&desk.agent, &call("Open"));
        app.travel(Duration::minutes(20));
        let agent = app.visit(&desk.agent);
        let page = agent.page(&format!("{}/resolution", app.path(&solved)));
        let form = page.form("/resolution").set("resolution_code", "fixed");
        agent.send(&form.set("resolution_text", "Done")).expect(303);
        assert_eq!(proved(&app), 6);
        // Late, and the workers have not looked yet: what the row says held until then.
        app.travel(Duration::minutes(20));
        let mut lines = Vec::new();
        let waiting = verify::clocks(&app.site.store, app.now(), &mut |line| {
            lines.push(line.to_owned())
        })
        .unwrap();
        assert_eq!(
            (waiting.differences, waiting.seen.waiting),
            (0, 1),
            "{lines:?}"
        );
        app.work();
        app.travel(Duration::hours(2));
        app.work();
        assert_eq!(proved(&app), 6);

        let of = |number: i64, target: &str| {
            format!(
                "target = '{target}' AND record_id = (SELECT id FROM records WHERE number = {number})"
            )
        };
        let solved = of(1, "resolution");
        let found = found_after(
            &app,
            &format!("UPDATE clocks SET outcome = 'breached' WHERE {solved}"),
        );
        assert_eq!(
            found,
            ["INC-1: resolution 1.1, outcome: the facts come to met, but there stands breached"]
        );
        for (column, wrong) in [
            ("elapsed_micros", "elapsed_micros + 1"),
            ("due_at", "started_at"),
            ("priority", "priority + 1"),
            ("is_counted", "NOT is_counted"),
            ("met_by", "NULL"),
            ("wake_at", "due_at"),
        ] {
            let found = found_after(
                &app,
                &format!("UPDATE clocks SET {column} = {wrong} WHERE {solved}"),
            );
            let said = format!("INC-1: resolution 1.1, {column}: the facts come to ");
            assert!(
                found.iter().any(|line| line.starts_with(&said)),
                "{found:#?}"
            );
        }
        // A wake that was put off: the worker would never come.
        let found = found_after(
            &app,
            &format!(
                "UPDATE clocks SET wake_at = NULL WHERE {}",
                of(3, "resolution")
            ),
        );
        assert!(
            found[0].starts_with("INC-3: resolution 1.1, wake_at: "),
            "{found:?}"
        );
        let found = found_after(
            &app,
            &format!("DELETE FROM clocks WHERE {}", of(2, "first_response")),
        );
        assert_eq!(found, ["INC-2: first_response 1.1: it has no row"]);
        let found = found_after(
            &app,
            &format!(
                "UPDATE clocks SET cycle = 2 WHERE {}",
                of(3, "first_response")
            ),
        );
        assert_eq!(
            found,
            [
                "INC-3: first_response 1.1: it has no row",
                "INC-3: first_response 2.1: it has a row, but the facts come to no such clock",
            ]
        );
        let found = found_after(&app, "DELETE FROM clock_steps WHERE step = 'breach'");
        assert_eq!(
            found,
            ["INC-2: first_response 1.1: its breach was never told"]
        );
        for (column, wrong) in [
            ("next_due_at", "reported_at"),
            ("next_risk_at", "reported_at"),
            ("clock_state", "'met'"),
        ] {
            let found = found_after(
                &app,
                &format!("UPDATE records SET {column} = {wrong} WHERE number = 3"),
            );
            assert_eq!(found.len(), 1);
            assert!(
                found[0].starts_with(&format!("INC-3: {column}: the facts come to ")),
                "{found:?}"
            );
        }
        assert_eq!(proved(&app), 6);
    });
}
