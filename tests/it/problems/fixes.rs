//! The fix of a problem: planned as a change, watched, resolved; or planned again; or not made at all.

use andon::changes::{self, ChangeType, Ending, Outcome};
use andon::problems;
use andon::problems::rules::known_errors::Audience;
use andon::records::{Record, actions};
use time::Duration;

use super::{caused, incident, problem, publish, state};
use crate::app::{App, Desk, each_database};
use crate::changes::{scheduled, start, why};
use crate::instants::verified;

/// A change that is to fix the problem, with its work begun.
fn fixing(app: &App, desk: &Desk, known: &Record) -> Record {
    let change = scheduled(app, desk, "Replace the driver", 1, 3);
    let (number, by) = (known.number(), change.number());
    app.act(&desk.agent, |w, v, ctx| {
        problems::plan_fix(w, v, ctx, number, by)
    })
    .unwrap();
    assert_eq!(state(app, known), "fix_planned");
    app.travel(Duration::minutes(70));
    start(app, desk, by).unwrap();
    assert_eq!(state(app, known), "fix_in_progress");
    change
}

fn ended(app: &App, desk: &Desk, change: &Record, outcome: Outcome) {
    let ending = Ending {
        outcome: Some(outcome),
        text: "It went so".into(),
        ended_at: None,
    };
    app.act(&desk.colleague, |w, v, ctx| {
        changes::finish(w, v, ctx, change.number(), &ending)
    })
    .unwrap();
}

fn is_offered(app: &App) -> bool {
    app.count("SELECT count(*) FROM known_errors WHERE retired_at IS NULL") == 1
}

#[test]
fn fix_holds_retires_and_resolves_together() {
    each_database(|app| {
        let desk = app.desk();
        let known = problem(&app, &desk, "Drawers of the tills");
        publish(&app, &desk, &known, Audience::Requesters);
        let waiting = incident(&app, &desk, "The cash drawer stays shut");
        caused(&app, &desk, &waiting, &known);
        let change = fixing(&app, &desk, &known);
        ended(&app, &desk, &change, Outcome::Successful);
        assert_eq!(state(&app, &known), "verifying");
        // Matched through every state.
        assert!(is_offered(&app));
        app.travel(Duration::days(13));
        app.work();
        assert_eq!(state(&app, &known), "verifying");
        app.travel(Duration::days(2));
        app.work();
        assert_eq!(state(&app, &known), "resolved");
        assert!(!is_offered(&app));
        let later = incident(&app, &desk, "The cash drawer stays shut again");
        let client = app.visit(&desk.agent);
        let page = client.page(&later.number().path());
        assert!(!page.text().contains("Known errors"));
        // Those that waited are resolved together, as it is shown.
        let path = format!("{}/linked-resolution", known.number().path());
        let page = client.page(&path);
        page.assert_says("1 incident is resolved");
        page.assert_says("INC-1");
        let form = page
            .form("/linked-resolution")
            .set("resolution_code", "fixed")
            .set("resolution_text", "The driver was replaced");
        client.send(&form).expect(303);
        assert_eq!(state(&app, &waiting), "resolved");
        assert_eq!(state(&app, &later), "new");
        verified(&app);
    });
}

#[test]
fn backed_out_offers_again() {
    each_database(|app| {
        let desk = app.desk();
        let known = problem(&app, &desk, "Drawers of the tills");
        publish(&app, &desk, &known, Audience::Desk);
        let change = fixing(&app, &desk, &known);
        ended(&app, &desk, &change, Outcome::BackedOut);
        assert_eq!(state(&app, &known), "fix_planned");
        assert!(is_offered(&app));
        // Resolved by hand as fixed, it is offered no more; re-opened, it is again.
        let number = known.number();
        app.act(&desk.agent, |w, v, ctx| {
            let fixed = actions::Resolve {
                code: "fixed".into(),
                text: "By the supplier".into(),
            };
            actions::resolve(w, v, ctx, &problems::PRACTICE, number, &fixed)
        })
        .unwrap();
        assert!(!is_offered(&app));
        app.act(&desk.agent, |w, v, ctx| {
            let again = actions::Reopen {
                who: "Rita".into(),
                why: "It is back".into(),
            };
            actions::reopen(w, v, ctx, &problems::PRACTICE, number, &again)
        })
        .unwrap();
        assert!(is_offered(&app));
        verified(&app);
    });
}

#[test]
fn an_incident_after_the_fix_means_that_it_did_not_hold() {
    each_database(|app| {
        let desk = app.desk();
        let known = problem(&app, &desk, "Drawers of the tills");
        let old = incident(&app, &desk, "Drawer one");
        let change = fixing(&app, &desk, &known);
        ended(&app, &desk, &change, Outcome::WithIssues);
        // One from before was only not linked yet.
        caused(&app, &desk, &old, &known);
        assert_eq!(state(&app, &known), "verifying");
        app.travel(Duration::days(1));
        let new = incident(&app, &desk, "Drawer two");
        caused(&app, &desk, &new, &known);
        assert_eq!(state(&app, &known), "under_investigation");
        app.travel(Duration::days(30));
        app.work();
        assert_eq!(state(&app, &known), "under_investigation");
        verified(&app);
    });
}

#[test]
fn accepted_risk_comes_back_on_its_day() {
    each_database(|app| {
        let desk = app.desk();
        let known = problem(&app, &desk, "Drawers of the tills");
        publish(&app, &desk, &known, Audience::Desk);
        let number = known.number();
        // The ordinary way out does not know it.
        let plain = app.act(&desk.agent, |w, v, ctx| {
            let accepted = actions::Resolve {
                code: "risk_accepted".into(),
                text: "We live with it".into(),
            };
            actions::resolve(w, v, ctx, &problems::PRACTICE, number, &accepted)
        });
        assert_eq!(why(plain), "code-has-its-own-form");
        let client = app.visit(&desk.agent);
        let path = format!("{}/risk", number.path());
        let form = client.page(&path).form("/risk");
        let empty = client.send(&form).expect(422);
        empty.assert_says("Say why it is accepted");
        empty.assert_says("Say when somebody looks at it again");
        let day = app.now().plus(Duration::days(90)).rfc3339();
        let form = form
            .set("text", "The tills are replaced in May")
            .set("review_at", &day[..10]);
        client.send(&form).expect(303);
        assert_eq!(state(&app, &known), "resolved");
        assert!(is_offered(&app));
        // It does not close by itself.
        app.travel(Duration::days(30));
        app.work();
        assert_eq!(state(&app, &known), "resolved");
        app.travel(Duration::days(61));
        app.work();
        assert_eq!(state(&app, &known), "under_investigation");
        assert!(app.record(known.id).is_open && is_offered(&app));
        app.work();
        assert_eq!(state(&app, &known), "under_investigation");
        verified(&app);
    });
}

#[test]
fn a_change_of_its_own_kind_alone_fixes() {
    each_database(|app| {
        let desk = app.desk();
        let known = problem(&app, &desk, "Drawers of the tills");
        let record = incident(&app, &desk, "Drawer one");
        let client = app.visit(&desk.agent);
        let path = format!("{}/fix", known.number().path());
        let form = client.page(&path).form_with("/fix", "change");
        for typed in ["", "INC-1", "CHG-99", "nothing"] {
            let form = form.clone().set("change", typed);
            client.press(&form, "do", "link").expect(422);
        }
        let (number, to) = (record.number(), known.number());
        let wrong = app.act(&desk.agent, |w, v, ctx| {
            let fixed_by = andon::records::LinkType::FixedBy;
            actions::link(w, v, ctx, number, to, fixed_by)
        });
        assert_eq!(why(wrong), "link-fix-is-a-change");
        // Raised from the problem, a change is to fix it.
        let plan = crate::changes::plan(&app, &desk, ChangeType::Normal, 24, 26);
        let change = crate::changes::raise(&app, &desk, "Replace the driver", plan);
        let form = form.set("change", &change.number().to_string());
        client.press(&form, "do", "link").expect(303);
        assert_eq!(state(&app, &known), "fix_planned");
    });
}

#[test]
fn a_change_linked_while_it_is_carried_out_or_after_takes_the_problem_along() {
    each_database(|app| {
        let desk = app.desk();
        let [first, second] = ["Drawers of the tills", "Screens of the tills"]
            .map(|title| problem(&app, &desk, title));
        let change = scheduled(&app, &desk, "Replace the driver", 1, 3);
        app.travel(Duration::minutes(70));
        start(&app, &desk, change.number()).unwrap();
        let link = |known: &Record| {
            let (number, by) = (known.number(), change.number());
            app.act(&desk.agent, |w, v, ctx| {
                problems::plan_fix(w, v, ctx, number, by)
            })
            .unwrap();
        };
        link(&first);
        assert_eq!(state(&app, &first), "fix_in_progress");
        ended(&app, &desk, &change, Outcome::Successful);
        assert_eq!(state(&app, &first), "verifying");
        link(&second);
        assert_eq!(state(&app, &second), "verifying");
        verified(&app);
    });
}
