//! Raised where a rule asks for it, due in five business days, told once when it is late.

use andon::records::{Number, actions};
use time::Duration;

use super::{FIRST, postmortem, raise, raised, resolve, urgent};
use crate::app::{LogCall, each_database};
use crate::instants::verified;

#[test]
fn raised_for_major_and_p1_only() {
    each_database(|app| {
        let desk = app.desk();
        let plain = app.log(
            &desk.agent,
            &LogCall::incident("A slow mail").from(&desk.requester),
        );
        resolve(&app, &desk.agent, plain.number());
        assert_eq!(raised(&app), 0);
        let first = urgent(&app, &desk, "Card payments lost");
        resolve(&app, &desk.agent, first.number());
        assert_eq!(raised(&app), 1);
        let major = app.log(
            &desk.agent,
            &LogCall::incident("No mail at all").from(&desk.requester),
        );
        crate::majors::major(&app, &desk, major.number());
        resolve(&app, &desk.manager, major.number());
        assert_eq!(raised(&app), 2);
        let client = app.visit(&desk.agent);
        let page = client.page("/postmortems/PM-1");
        page.assert_says("Card payments lost");
        page.assert_says("since of its priority");
        page.assert_says(&first.number().to_string());
        // Linked from its incident.
        client.page(&app.path(&first)).assert_says("PM-1");
        // Whoever led the major one facilitates.
        client.page("/postmortems/PM-2").assert_says("Mona Berg");
        client
            .page("/postmortems/PM-2")
            .assert_says("since it was major");
        verified(&app);
    });
}

/// Monday 09:00: five business days after Monday's is the end of the next Monday.
#[test]
fn due_after_five_business_days_and_told_once_when_late() {
    each_database(|app| {
        let desk = app.desk();
        postmortem(&app, &desk);
        let due = "SELECT count(*) FROM postmortems WHERE told_at IS NOT NULL";
        app.travel(Duration::days(7));
        app.work();
        assert_eq!(app.count(due), 0);
        let manager = app.visit(&desk.manager);
        let none = manager.page("/reports/postmortems");
        none.assert_says("None is overdue");
        app.travel(Duration::days(1));
        app.work();
        app.work();
        assert_eq!(app.count(due), 1);
        let told = "SELECT count(*) FROM facts WHERE name = 'postmortem.overdue'";
        assert_eq!(app.count(told), 1);
        app.visit(&desk.manager)
            .page("/reports/postmortems")
            .assert_says("PM-1");
        app.visit(&desk.agent)
            .page("/notices")
            .assert_says("Overdue");
        app.visit(&desk.agent)
            .get("/reports/postmortems")
            .expect(403);
        verified(&app);
    });
}

#[test]
fn one_incident_has_one_and_cancelling_needs_a_reason() {
    each_database(|app| {
        let desk = app.desk();
        postmortem(&app, &desk);
        let incident = Number {
            kind: andon::records::Kind::Incident,
            n: 1,
        };
        assert!(raise(&app, &desk.agent, &[incident]).is_err());
        let client = app.visit(&desk.agent);
        let path = "/postmortems/PM-1/cancellation";
        let form = client.page(path).form("/cancellation");
        client.send(&form.clone()).expect(422);
        let form = form
            .set("cancellation_code", "withdrawn")
            .set("cancellation_text", "It was a drill");
        client.send(&form).expect(303);
        client.page("/postmortems/PM-1").assert_says("Cancelled");
        // Another may be raised now.
        let again = raise(&app, &desk.agent, &[incident]).unwrap();
        assert_eq!(again.number().to_string(), "PM-2");
        verified(&app);
    });
}

#[test]
fn raised_by_hand_over_several_with_their_problems() {
    each_database(|app| {
        let desk = app.desk();
        let one = app.log(
            &desk.agent,
            &LogCall::incident("Till one").from(&desk.requester),
        );
        let two = app.log(
            &desk.agent,
            &LogCall::incident("Till two").from(&desk.requester),
        );
        let problem = crate::problems::problem(&app, &desk, "Tills leak");
        crate::problems::caused(&app, &desk, &one, &problem);
        let client = app.visit(&desk.agent);
        client
            .page(&app.path(&one))
            .assert_says("Raise a post-mortem over this");
        let form = client
            .page("/postmortems/new?from=INC-1")
            .form("/postmortems");
        assert_eq!(form.value("title"), Some("Till one"));
        let wrong = form.clone().set("incidents", "INC-1\nINC-99");
        client
            .send(&wrong)
            .expect(422)
            .assert_says("There is no incident INC-99");
        let form = form.set("incidents", "INC-1, inc2");
        let made = client.send(&form).expect(303);
        assert_eq!(made.location(), "/postmortems/PM-1");
        let page = client.page("/postmortems/PM-1");
        for number in [one.number(), two.number(), problem.number()] {
            page.assert_says(&number.to_string());
        }
        // From the problem it is found, too; not due before somebody resolved one of them.
        client.page(&app.path(&problem)).assert_says("PM-1");
        page.assert_says("when resolved");
        resolve(&app, &desk.agent, one.number());
        assert_eq!(
            app.count("SELECT count(*) FROM postmortems WHERE due_at IS NULL"),
            0
        );
        verified(&app);
    });
}

#[test]
fn a_post_mortem_over_a_restricted_incident_is_restricted_and_shows_nothing_of_others() {
    each_database(|app| {
        let desk = app.desk();
        let open = app.log(
            &desk.agent,
            &LogCall::incident("Open one").from(&desk.requester),
        );
        let secret = app.log(
            &desk.agent,
            &LogCall::incident("Zebrawhistle").from(&desk.requester),
        );
        let named = [desk.agent.id];
        crate::restricted::restrict(&app, &desk.agent, secret.number(), &named).unwrap();
        raise(&app, &desk.agent, &[open.number(), secret.number()]).unwrap();
        app.visit(&desk.agent)
            .page("/postmortems/PM-1")
            .assert_says("Zebrawhistle");
        let colleague = app.visit(&desk.colleague);
        colleague.get("/postmortems/PM-1").expect(404);
        assert!(!colleague.page("/postmortems").text().contains("PM-1"));
        // One that becomes restricted later takes its post-mortem along.
        let later = app.log(
            &desk.agent,
            &LogCall::incident("Later one").from(&desk.requester),
        );
        raise(&app, &desk.agent, &[later.number()]).unwrap();
        colleague.page("/postmortems/PM-2").assert_says("Later one");
        crate::restricted::restrict(&app, &desk.agent, later.number(), &named).unwrap();
        colleague.get("/postmortems/PM-2").expect(404);
        // Another record that is linked and hidden from a reader is not shown to them, nor its facts.
        let third = app.log(
            &desk.agent,
            &LogCall::incident("Third").from(&desk.requester),
        );
        let problem = crate::problems::problem(&app, &desk, "Quokkaproblem");
        raise(&app, &desk.agent, &[third.number()]).unwrap();
        let pm = Number { n: 3, ..FIRST };
        app.act(&desk.agent, |w, v, ctx| {
            let related = andon::records::LinkType::Related;
            actions::link(w, v, ctx, pm, problem.number(), related)
        })
        .unwrap();
        let prb = problem.number().to_string();
        for path in ["/postmortems/PM-3", "/postmortems/PM-3/timeline"] {
            assert!(colleague.page(path).text().contains(&prb), "{path}");
        }
        crate::restricted::restrict(&app, &desk.agent, problem.number(), &named).unwrap();
        for path in ["/postmortems/PM-3", "/postmortems/PM-3/timeline"] {
            let text = colleague.page(path).text();
            assert!(
                !text.contains(&prb) && !text.contains("Quokkaproblem"),
                "{path}"
            );
        }
        verified(&app);
    });
}

#[test]
fn the_editor_counts_ninety_days() {
    each_database(|app| {
        let desk = app.desk();
        for n in 0..3 {
            let call = LogCall::incident("Mail slow").from(&desk.requester);
            let record = app.log(
                &desk.agent,
                &LogCall {
                    urgency: 1,
                    ..call.clone()
                },
            );
            resolve(&app, &desk.agent, record.number());
            assert_eq!(raised(&app), 0, "{n}");
        }
        postmortem(&app, &desk);
        let client = app.visit(&desk.administrator);
        let page = client.page("/settings/postmortem-rules");
        page.assert_says("Together they would have raised one in the last 90 days");
        let form = page.form_with("/settings/postmortem-rules", "impact_minutes");
        // Nothing chosen would raise one for everything.
        client.send(&form).expect(422).assert_says("every incident");
        let form = form.set("priority", "3");
        let tried = client.press(&form, "show_again", "1").expect(200);
        tried.assert_says("it would have met 4 incidents, and raised 3 post-mortems more");
        assert_eq!(app.count("SELECT count(*) FROM postmortem_rules"), 2);
        client
            .send(&tried.form_with("/settings/postmortem-rules", "impact_minutes"))
            .expect(303);
        let record = app.log(
            &desk.agent,
            &LogCall {
                urgency: 1,
                ..LogCall::incident("Again").from(&desk.requester)
            },
        );
        resolve(&app, &desk.agent, record.number());
        assert_eq!(raised(&app), 2);
        // Taken away it asks for none.
        let page = client.page("/settings/postmortem-rules");
        let gone = page
            .forms()
            .into_iter()
            .rfind(|form| form.action.ends_with("/removal"))
            .unwrap();
        client.send(&gone).expect(303);
        let record = app.log(
            &desk.agent,
            &LogCall {
                urgency: 1,
                ..LogCall::incident("Once more").from(&desk.requester)
            },
        );
        resolve(&app, &desk.agent, record.number());
        assert_eq!(raised(&app), 2);
        let lines = crate::instants::tampered(
            &app,
            "UPDATE postmortem_rules SET priority = 2 WHERE priority = 1",
        );
        assert!(
            lines.iter().any(|line| line.contains("rule_priority")),
            "{lines:#?}"
        );
        verified(&app);
    });
}
