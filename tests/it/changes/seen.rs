//! What is seen of changes before anybody asks: conflicts while a change is typed, the calendar's freezes
//! and hours, the way a change really goes, and news about work under way.

use andon::approvals::Choice;
use andon::changes::{self, ChangeType, Outcome, PlanForm};
use andon::records::actions;
use time::Duration;

use super::approved::{policy, submitted, vote};
use super::{
    finish, freeze_of, maintenance, plan, raise, scheduled, start, template, tomorrow, why,
    written_up,
};
use crate::app::each_database;
use crate::instants::verified;
use crate::library::task_on;

#[test]
fn conflicts_and_risk_are_seen_before_a_change_is_raised_and_nothing_is_kept() {
    each_database(|app| {
        let desk = app.desk();
        let there = scheduled(&app, &desk, "Certificates", 24, 26);
        let client = app.visit(&desk.agent);
        let before = app.count("SELECT count(*) FROM records");
        let typed = plan(&app, &desk, ChangeType::Normal, 25, 27);
        let form = client.page("/changes/new").form("/changes");
        // What was not typed yet, a title among it, is no hindrance to looking.
        let form = form
            .set("description", "Firmware leaks")
            .set("window_starts_at", &typed.window_starts_at)
            .set("window_ends_at", &typed.window_ends_at)
            .set("implementer", &typed.implementer)
            .set("change_services", &typed.change_services)
            .set("risk_reach", "all")
            .set("risk_reversible", "no")
            .set("risk_done_before", "never")
            .set("risk_steps", "one");
        let seen = client.press(&form, "show_again", "1").expect(200);
        seen.assert_says(&there.number().to_string());
        seen.assert_says("High risk, 16 of 20");
        let form = seen.form("/changes");
        assert_eq!(form.value("description"), Some("Firmware leaks"));
        let elsewhere = plan(&app, &desk, ChangeType::Normal, 48, 49);
        let form = form
            .set("window_starts_at", &elsewhere.window_starts_at)
            .set("window_ends_at", &elsewhere.window_ends_at);
        client
            .press(&form, "show_again", "1")
            .expect(200)
            .assert_says("Nothing stands in the way");
        let made = form.set("change_template", &template(&app, &desk).to_string());
        client.press(&made, "show_again", "1").expect(200);
        let odd = made.set("window_starts_at", "soon").set("linked", "CHG-x");
        client.press(&odd, "show_again", "1").expect(200);
        // The template came of a change of its own.
        assert_eq!(app.count("SELECT count(*) FROM records"), before + 1);
        verified(&app);
    });
}

#[test]
fn the_calendar_draws_freezes_and_maintenance_hours_with_what_they_are_for() {
    each_database(|app| {
        let desk = app.desk();
        maintenance(&app, &desk);
        freeze_of(&app, &desk, "Peak trading", 40, 90, &desk.mail.to_string());
        let inside = raise(
            &app,
            &desk,
            "Gateways",
            plan(&app, &desk, ChangeType::Normal, 50, 52),
        );
        let beside = raise(
            &app,
            &desk,
            "Switches",
            plan(&app, &desk, ChangeType::Normal, 51, 53),
        );
        let client = app.visit(&desk.agent);
        for view in ["month", "week", "list"] {
            let page = client.page(&format!("/changes/calendar?view={view}"));
            page.assert_says("Peak trading");
            page.assert_says("Electronic mail");
            page.assert_says("Nights");
            page.assert_says("Every service · Production");
            page.assert_says(&inside.number().to_string());
        }
        // Berlin is an hour ahead of London.
        let month = client.page("/changes/calendar?view=month");
        month.assert_says("21:00–01:00 Nights");
        let week = client.page("/changes/calendar?view=week");
        let html = week.html();
        assert!(html.contains("class=\"bar2\""), "no freeze is drawn");
        assert!(html.contains("class=\"bar\""), "no hours are drawn");
        // Two that overlap stand in rows of their own.
        let y = |number: &str| {
            let end = html.find(&format!(">{number}</text>")).unwrap();
            let start = html[..end].rfind("<text").unwrap();
            let at = html[start..end].split(" y=\"").nth(1).unwrap();
            at.split('"').next().unwrap().parse::<i64>().unwrap()
        };
        assert_ne!(
            y(&inside.number().to_string()),
            y(&beside.number().to_string())
        );
        // Of another service nothing of it is shown.
        let other = client.page(&format!(
            "/changes/calendar?service={}",
            uuid::Uuid::new_v4()
        ));
        assert!(!other.text().contains("Peak trading"));
        let freezes = client.page("/changes/freezes");
        freezes.assert_says("Electronic mail");
        freezes.assert_says("To come");
        client
            .page("/changes/maintenance")
            .assert_says("Every service · Production");
    });
}

#[test]
fn a_change_shows_only_the_states_its_type_enters() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        let way = |path: &str| {
            let doc = client.page(path).doc();
            let steps = doc.all("ol").find(|(_, e)| e.has_class("steps")).unwrap().0;
            doc.text_of(steps)
        };
        let standard = way(&scheduled(&app, &desk, "Certificates", 24, 26)
            .number()
            .path());
        assert!(standard.contains("Scheduled"), "{standard}");
        assert!(!standard.contains("Awaiting approval"), "{standard}");
        let normal = way(&tomorrow(&app, &desk, "Gateways").number().path());
        assert!(normal.contains("Awaiting approval"), "{normal}");
        let written = written_up(&app, &desk, "At night", "", "", Outcome::Successful);
        let written = way(&written.path());
        assert!(!written.contains("Awaiting approval"), "{written}");
        assert!(!written.contains("Implementing"), "{written}");
    });
}

#[test]
fn what_would_only_be_refused_is_not_offered_first() {
    each_database(|app| {
        let desk = app.desk();
        policy(&app, &desk);
        let number = tomorrow(&app, &desk, "Gateways").number();
        submitted(&app, &desk, number);
        let manager = app.visit(&desk.manager);
        let solid = || {
            let doc = manager.page(&number.path()).doc();
            let first = doc.all("a").chain(doc.all("button"));
            let first = first.filter(|(_, e)| e.has_class("solid"));
            first.map(|(at, _)| doc.text_of(at)).collect::<Vec<_>>()
        };
        let offered = solid();
        assert!(
            !offered.iter().any(|o| o.contains("Schedule")),
            "{offered:?}"
        );
        vote(&app, &desk, number, Choice::Approve);
        let offered = solid();
        assert!(
            offered.iter().any(|o| o.contains("Schedule")),
            "{offered:?}"
        );
        freeze_of(&app, &desk, "Peak trading", 20, 30, "");
        let offered = solid();
        assert!(
            !offered.iter().any(|o| o.contains("Schedule")),
            "{offered:?}"
        );
    });
}

#[test]
fn a_freeze_over_running_work_and_an_overrun_stand_on_the_changes_page() {
    each_database(|app| {
        let desk = app.desk();
        let number = scheduled(&app, &desk, "Certificates", 1, 2).number();
        app.travel(Duration::minutes(70));
        start(&app, &desk, number).unwrap();
        let client = app.visit(&desk.colleague);
        let page = client.page(&number.path()).text();
        assert!(!page.contains("the work goes on"), "{page}");
        assert!(!page.contains("longer than its window"), "{page}");
        freeze_of(&app, &desk, "Peak trading", -1, 30, "");
        app.travel(Duration::hours(1));
        let client = app.visit(&desk.colleague);
        let page = client.page(&number.path());
        page.assert_says("A freeze holds; the work goes on");
        page.assert_says("Peak trading");
        page.assert_says("It takes longer than its window");
        page.assert_says("Say when it ends");
        finish(&app, &desk, number);
        let page = client.page(&number.path()).text();
        assert!(!page.contains("longer than its window"), "{page}");
    });
}

#[test]
fn days_a_report_cannot_have_are_said_to_be_wrong() {
    each_database(|app| {
        let desk = app.desk();
        written_up(&app, &desk, "At night", "", "", Outcome::Successful);
        let manager = app.visit(&desk.manager);
        let says = |query: &str, words: &str| {
            manager
                .page(&format!("/changes/report{query}"))
                .assert_says(words);
        };
        says("?from=2026-12-31&to=2026-01-01", "lies before the first");
        says("?from=2024-01-01&to=2026-01-01", "At most a year");
        says("?from=nonsense", "are not ones a report can have");
        says("?from=1900-01-01&to=1900-02-01", "are not ones a report");
        says("", "1 of 1, 100 %");
        says("", "0 of 1, 0 %");
    });
}

#[test]
fn a_step_wise_roll_out_goes_one_step_after_another_with_watching_between() {
    each_database(|app| {
        let desk = app.desk();
        policy(&app, &desk);
        let step_wise = PlanForm {
            rollout: "step_wise".into(),
            observe_minutes: "20".into(),
            ..plan(&app, &desk, ChangeType::Normal, 1, 5)
        };
        let number = raise(&app, &desk, "Gateways", step_wise).number();
        let [one, some, all] = ["One", "Some", "All"]
            .map(|title| task_on(&app, &desk.agent, number, title).parse().unwrap());
        submitted(&app, &desk, number);
        vote(&app, &desk, number, Choice::Approve);
        app.act(&desk.manager, |w, v, ctx| {
            changes::schedule(w, v, ctx, number)
        })
        .unwrap();
        app.travel(Duration::minutes(70));
        start(&app, &desk, number).unwrap();
        let done = |id| {
            why(app.act(&desk.colleague, |w, v, ctx| {
                actions::finish_task(w, v, ctx, number, id)
            }))
        };
        assert_eq!(done(some), "change-step-out-of-order");
        assert_eq!(done(one), "done");
        assert_eq!(done(some), "change-step-watched");
        app.travel(Duration::minutes(19));
        assert_eq!(done(some), "change-step-watched");
        app.travel(Duration::minutes(1));
        assert_eq!(done(some), "done");
        // Backing out waits for nothing, and what remains then is free.
        finish(&app, &desk, number);
        assert_eq!(done(all), "done");
        verified(&app);
    });
}
