//! The pages of changes: raising one without a script, the calendar, who may reach what.

use super::{freeze, scheduled, tomorrow};
use crate::app::each_database;
use crate::instants::verified;

#[test]
fn a_change_is_raised_planned_and_assessed_without_a_script() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        let form = client.page("/changes/new").form("/changes");
        let form = form
            .set("description", "Firmware leaks")
            .set("implementation_plan", "Drain, flash, test")
            .set("backout_plan", "Boot slot B")
            .set("window_starts_at", "tomorrow");
        let again = client.send(&form).expect(422);
        again.assert_says("Fill this in");
        // It comes back with every character.
        let form = again.form("/changes");
        assert_eq!(form.value("window_starts_at"), Some("tomorrow"));
        assert_eq!(form.value("backout_plan"), Some("Boot slot B"));
        let day = app.now().plus(time::Duration::days(3)).rfc3339();
        let day = &day[..10];
        let form = form
            .set("title", "Upgrade the gateways")
            .set("window_starts_at", &format!("{day}T22:00"))
            .set("window_ends_at", &format!("{day}T23:30"))
            .set("environment", "production")
            .set("change_services", &desk.mail.to_string())
            .set("implementer", &desk.colleague.id.to_string())
            .set("risk_reach", "all")
            .set("risk_reversible", "no")
            .set("risk_done_before", "never")
            .set("risk_steps", "one");
        let raised = client.send(&form).expect(303);
        let page = client.follow(&raised);
        page.assert_says("was raised");
        page.assert_says("Upgrade the gateways");
        page.assert_says("High risk, 16 of 20");
        page.assert_says("Boot slot B");
        page.assert_says("Electronic mail");
        assert!(!page.has_form("/assessment"));
        let path = raised.location().to_owned();
        let manager = app.visit(&desk.manager);
        let assess = manager.page(&path).form("/assessment");
        let assessed = manager.send(&assess).expect(303);
        manager
            .follow(&assessed)
            .assert_says("The change was assessed");
        let history = client.page(&format!("{path}?tab=history")).text();
        for words in ["Planned", "Assessed", "Backout plan", "Drain, flash, test"] {
            assert!(history.contains(words), "{words}: {history}");
        }
        verified(&app);
    });
}

#[test]
fn two_who_plan_at_once_keep_both_or_are_asked() {
    each_database(|app| {
        let desk = app.desk();
        let path = format!("{}/plan", tomorrow(&app, &desk, "Gateways").number().path());
        let (one, two) = (app.visit(&desk.agent), app.visit(&desk.colleague));
        let (first, second) = (one.page(&path).form("/plan"), two.page(&path).form("/plan"));
        let third = two.page(&path).form("/plan");
        one.send(&first.set("test_plan", "Print a page"))
            .expect(303);
        // Another field stands beside it; the same one is asked about.
        two.send(&second.set("backout_plan", "Slot B")).expect(303);
        let third = two.send(&third.set("test_plan", "Scan a page"));
        third.expect(409).assert_says("Ana Lima");
        let kept = "SELECT count(*) FROM changes WHERE backout_plan = 'Slot B'";
        assert_eq!(app.count(kept), 1);
        verified(&app);
    });
}

#[test]
fn the_calendar_shows_changes_and_freezes_as_month_week_and_list() {
    each_database(|app| {
        let desk = app.desk();
        let change = scheduled(&app, &desk, "Certificates", 24, 26);
        let day = app.now().plus(time::Duration::days(1)).rfc3339();
        let day = &day[..10];
        freeze(&app, &desk, "Peak trading", 20, 30);
        let client = app.visit(&desk.agent);
        for view in ["month", "week", "list"] {
            let page = client.page(&format!("/changes/calendar?view={view}&at={day}"));
            page.assert_says("Certificates");
            page.assert_says(&change.number().to_string());
            page.assert_says("Peak trading");
            page.assert_says("in a freeze");
        }
        let elsewhere = client.page(&format!(
            "/changes/calendar?view=list&at={day}&service={}",
            uuid::Uuid::now_v7()
        ));
        assert!(!elsewhere.text().contains("Certificates"));
        for odd in [
            "?at=nonsense",
            "?at=9999-12-31&view=week",
            "?view=year&service=1",
        ] {
            client.page(&format!("/changes/calendar{odd}"));
        }
        app.visit(&desk.requester)
            .get("/changes/calendar")
            .expect(403);
    });
}

#[test]
fn the_report_counts_what_ended_and_names_what_is_overdue() {
    each_database(|app| {
        let desk = app.desk();
        let number = scheduled(&app, &desk, "=Certificates", 1, 4).number();
        app.travel(time::Duration::hours(2));
        super::start(&app, &desk, number).unwrap();
        super::finish(&app, &desk, number);
        let manager = app.visit(&desk.manager);
        let page = manager.page("/changes/report");
        page.assert_says("100 %");
        page.assert_says("Electronic mail");
        let csv = manager.get("/changes/report.csv").expect(200).html();
        assert!(
            csv.contains(&format!("{number},'=Certificates,standard")),
            "{csv}"
        );
        for odd in [
            "?from=x&to=y",
            "?from=2026-12-31&to=2026-01-01",
            "?to=9999-12-31",
        ] {
            manager.page(&format!("/changes/report{odd}"));
        }
        app.visit(&desk.agent).get("/changes/report").expect(403);
        app.visit(&desk.agent)
            .get("/changes/report.csv")
            .expect(403);
    });
}
