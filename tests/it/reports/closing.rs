//! A closed period says for good what it said, and today's corrections show in the open one.

use andon::reports::close_period;
use andon::schema::clocks;
use diesel::prelude::*;
use time::Duration;

use super::clocks::{Clock, agreement, at, put_all};
use super::figures::{asked, figures};
use crate::app::{App, Desk, each_database};
use crate::instants::{tampered, verified};

/// Travels to the middle of November 2026 or later.
fn november(app: &App) {
    let there = at("2026-11-21T12:00:00Z");
    if app.now() < there {
        app.travel(Duration::microseconds(there.micros() - app.now().micros()));
    }
}

/// Closes October 2026 and gives the address of what was closed.
pub fn closed(app: &App, desk: &Desk) -> String {
    november(app);
    let id = app
        .act(&desk.manager, |w, v, ctx| {
            close_period(w, v, ctx, "2026-10-15".parse().unwrap())
        })
        .unwrap();
    id.to_string()
}

/// The period closed by [`closed`], closed unless it is: for who asks more than once.
pub fn closed_once(app: &App, desk: &Desk) -> String {
    let known = app.read(|r| {
        use andon::schema::closed_periods;
        type Period = andon::platform::db::Id<()>;
        let id: Option<Period> = closed_periods::table
            .select(diesel::dsl::sql::<andon::platform::db::types::SqlId>(
                "closed_periods.id",
            ))
            .first(r)
            .optional()?;
        Ok(id)
    });
    known.map_or_else(|| closed(app, desk), |id| id.to_string())
}

#[test]
fn what_is_closed_stays_and_corrections_show_in_the_open_period() {
    each_database(|app| {
        let desk = app.desk();
        november(&app);
        let agreed = agreement(&app, "Standard", 95, &[]);
        let all = [
            Clock::met("2026-10-05T10:00:00Z"),
            Clock::met("2026-10-06T10:00:00Z"),
            Clock::breached("2026-10-07T10:00:00Z"),
        ];
        let records = put_all(&app, &desk, agreed, &all);
        let manager = app.visit(&desk.manager);
        let form = manager.page("/reports/periods").form("/reports/periods");
        let done = manager.send(&form.set("month", "2026-10-01"));
        assert_eq!(done.status, 303, "{}", done.text());
        let path = done.location().to_owned();
        // What is said once after closing aside.
        manager.page(&path).assert_says("The month is closed.");
        let before = manager.page(&path);
        before.assert_says("Oct 2026, closed");
        before.assert_says("66.6 %");
        let facts = "SELECT name AS line FROM facts WHERE name = 'closed_period.closed'";
        assert_eq!(app.database.lines(facts).len(), 1);
        verified(&app);
        // Somebody finds out later that one was no breach.
        app.write(|w| {
            diesel::update(clocks::table.filter(clocks::record_id.eq(records[2].id)))
                .set(clocks::outcome.eq("exempt"))
                .execute(&mut **w)?;
            Ok(())
        });
        let main = |page: &crate::app::Page| {
            let html = page.html();
            let from = html.find("<main").unwrap();
            html[from..].to_owned()
        };
        assert_eq!(main(&manager.page(&path)), main(&before));
        let report = manager.page("/reports/sla?from=2026-10-01&to=2026-11-21");
        report.assert_says("66.6 %");
        report.assert_says("Corrections of closed periods");
        report.assert_says("2 met, 1 breached, 0 ended, 0 exempted");
        report.assert_says("2 met, 0 breached, 0 ended, 1 exempted");
        let found = figures(&app, &asked(&app, "2026-10-01", "2026-11-21"));
        assert_eq!(
            (found.total.met, found.total.breached, found.total.exempt),
            (2, 1, 0)
        );
    });
}

#[test]
fn a_month_is_closed_once_when_it_is_over_and_all_is_worked_out() {
    each_database(|app| {
        let desk = app.desk();
        closed(&app, &desk);
        let close = |day: &str| {
            app.would(&desk.manager, |w, v, ctx| {
                close_period(w, v, ctx, day.parse().unwrap())
            })
        };
        assert!(close("2026-10-31").is_err(), "closed already");
        assert!(close("2026-11-05").is_err(), "not over");
        assert!(close("2026-09-05").is_ok());
        assert!(
            app.would(&desk.agent, |w, v, ctx| {
                close_period(w, v, ctx, "2026-09-05".parse().unwrap())
            })
            .is_err(),
            "not theirs to close"
        );
        // A clock that should have been looked at by then.
        let agreed = agreement(&app, "Standard", 95, &[]);
        let due = Clock::running("2026-09-01T10:00:00Z", "2026-09-02T10:00:00Z");
        let record = put_all(&app, &desk, agreed, &[due]).remove(0);
        app.write(|w| {
            diesel::update(clocks::table.filter(clocks::record_id.eq(record.id)))
                .set(clocks::wake_at.eq(at("2026-09-02T10:00:00Z")))
                .execute(&mut **w)?;
            Ok(())
        });
        assert!(close("2026-09-05").is_err(), "clocks are behind");
        let manager = app.visit(&desk.manager);
        let form = manager.page("/reports/periods").form("/reports/periods");
        let again = manager.send(&form.set("month", "2026-09-01"));
        assert_eq!(again.status, 409);
        again.assert_says("Some clocks are still being worked out");
    });
}

#[test]
fn figures_changed_behind_the_journals_back_are_found() {
    each_database(|app| {
        let desk = app.desk();
        let id = closed(&app, &desk);
        let manager = app.visit(&desk.manager);
        let path = format!("/reports/periods/{id}");
        assert!(!manager.page(&path).text().contains("do not have the hash"));
        let change = "UPDATE closed_periods SET figures = replace(figures, '\"version\":1', '\"version\":2')";
        let found = tampered(&app, change);
        let named = |l: &String| l.contains("closed period") && l.contains("figures");
        assert!(found.iter().any(named), "{found:?}");
        app.write(|w| {
            diesel::sql_query(change).execute(&mut **w)?;
            Ok(())
        });
        manager.page(&path).assert_says("do not have the hash");
    });
}
