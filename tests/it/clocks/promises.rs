//! What is promised, what meets it, what is late.

use andon::platform::db::Utc;
use andon::records::Channel;
use serde_json::json;
use time::Duration;

use super::{agreement, always, clocks};
use crate::app::{App, Desk, Human, LogCall, each_database};
use crate::instants::verified;

fn response(app: &App, desk: &Desk) -> Utc {
    let calendar = always(app, &desk.administrator);
    let targets =
        json!({"first_response": "30 business minutes", "resolution": "8 business hours"});
    agreement(
        app,
        &desk.administrator,
        calendar,
        "Incidents",
        targets,
        json!({}),
    );
    app.now()
}

/// The pitfall: a response defined by what an agent did, not by what the requester was told.
#[test]
fn a_first_response_is_what_the_requester_was_told() {
    each_database(|app| {
        let desk = app.desk();
        let nine = response(&app, &desk);
        // By telephone: whoever called was answered there and then.
        let by_phone = app.log(
            &desk.agent,
            &LogCall::incident("Phone").from(&desk.requester),
        );
        assert_eq!(
            clocks(&app, by_phone.id, nine),
            [
                "first_response 1.1 met due 30 stopped 0 breached -",
                "resolution 1.1 running due 480 stopped - breached -",
            ]
        );
        let portal = app.log_by(
            &desk.agent,
            &LogCall::incident("Portal").from(&desk.requester),
            Channel::Portal,
        );
        let solved = app.log_by(
            &desk.agent,
            &LogCall::incident("Solved").from(&desk.requester),
            Channel::Portal,
        );
        let agent = app.visit(&desk.agent);
        // A note and an assignment tell the requester nothing.
        app.travel(Duration::minutes(10));
        let page = agent.page(&app.path(&portal));
        agent
            .send(
                &page
                    .form("/entries")
                    .set("body", "Looking")
                    .set("audience", "note"),
            )
            .expect(303);
        agent
            .send(&agent.page(&app.path(&portal)).form("/assignment"))
            .expect(303);
        // Solved without a word: that is the answer.
        app.travel(Duration::minutes(10));
        let page = agent.page(&format!("{}/resolution", app.path(&solved)));
        agent
            .send(
                &page
                    .form("/resolution")
                    .set("resolution_code", "fixed")
                    .set("resolution_text", "Done"),
            )
            .expect(303);
        app.travel(Duration::minutes(11));
        app.work();
        assert_eq!(
            clocks(&app, portal.id, nine),
            [
                "first_response 1.1 breached due 30 stopped - breached 30",
                "resolution 1.1 running due 480 stopped - breached -",
            ]
        );
        assert_eq!(
            clocks(&app, solved.id, nine),
            [
                "first_response 1.1 met due 30 stopped 20 breached -",
                "resolution 1.1 met due 480 stopped 20 breached -",
            ]
        );
        // The breach is a fact with its own instant, said once however often the workers look.
        app.travel(Duration::minutes(5));
        app.work();
        let told = app.database.lines(
            "SELECT name || ' ' || CAST(position AS TEXT) AS line FROM facts WHERE name = 'incident.breached'",
        );
        assert_eq!(told.len(), 1, "{told:?}");
        let late = app.record(portal.id);
        let minutes = (late.next_due_at.micros() - nine.micros()) / 60_000_000;
        assert_eq!(minutes, 30);
        verified(&app);
    });
}

/// The pitfall: a priority lowered at the last minute, so that nothing is late.
#[test]
fn lowering_a_nearly_late_priority_is_a_managers_with_a_reason() {
    each_database(|app| {
        let desk = app.desk();
        let calendar = always(&app, &desk.administrator);
        for (priority, hours) in [(1, 2), (4, 8)] {
            let covers = json!({"covers": {"record": "incident", "priority": priority}});
            let targets = json!({"resolution": format!("{hours} business hours")});
            let name = format!("P{priority}");
            agreement(&app, &desk.administrator, calendar, &name, targets, covers);
        }
        let nine = app.now();
        let call = LogCall {
            impact: 1,
            urgency: 1,
            ..LogCall::incident("Nobody can pay").from(&desk.requester)
        };
        let record = app.log(&desk.agent, &call);
        app.travel(Duration::minutes(95));
        let lower = |who: &Human, reason: &str| {
            let client = app.visit(who);
            let form = client
                .page(&format!("{}?edit=priority", app.path(&record)))
                .form("/fields");
            let form = form.set("impact", "3").set("urgency", "3");
            client.send(&form.set("priority_reason", reason))
        };
        lower(&desk.agent, "It can wait")
            .expect(422)
            .assert_says("A manager may still lower the priority");
        lower(&desk.manager, "")
            .expect(422)
            .assert_says("Say why it is lowered now");
        app.travel(Duration::minutes(30));
        app.work();
        lower(&desk.manager, "One till only").expect(303);
        assert_eq!(
            clocks(&app, record.id, nine),
            [
                "resolution 1.1 breached due 120 stopped - breached 120",
                "resolution 1.2 running due 480 stopped - breached -",
            ]
        );
        let history = app.visit(&desk.agent);
        let history = history.page(&format!("{}?tab=history", app.path(&record)));
        history.assert_says("One till only");
        // Why it is due then, and the very line of the history that says so.
        let agent = app.visit(&desk.agent);
        let why = agent.page(&format!("{}/clocks", app.path(&record)));
        let links = why.doc().links();
        let lines = links.iter().filter(|link| link.contains("tab=history"));
        let lines: Vec<_> = lines.filter_map(|link| link.split_once('#')).collect();
        assert!(!lines.is_empty(), "{links:?}");
        for (page, line) in lines {
            let html = agent.page(page).html();
            assert!(html.contains(&format!("id=\"{line}\"")), "{page}#{line}");
        }
        verified(&app);
    });
}

/// Asked for when it is resolved, and never in the way of that.
#[test]
fn why_it_was_late_is_asked_when_it_is_resolved() {
    each_database(|app| {
        let desk = app.desk();
        response(&app, &desk);
        let call = LogCall::incident("Late").from(&desk.requester);
        let said = app.log_by(&desk.agent, &call, Channel::Portal);
        let unsaid = app.log_by(&desk.agent, &call, Channel::Portal);
        app.travel(Duration::minutes(45));
        let agent = app.visit(&desk.agent);
        for (record, code) in [(&said, "no_capacity"), (&unsaid, "")] {
            let page = agent.page(&format!("{}/resolution", app.path(record)));
            page.assert_says("Why was it late?");
            let form = page
                .form("/resolution")
                .set("resolution_code", "fixed")
                .set("resolution_text", "Done")
                .set("breach_code", code);
            let text = if code.is_empty() { "" } else { "Two were ill" };
            agent.send(&form.set("breach_text", text)).expect(303);
        }
        let told = app
            .database
            .lines("SELECT target || ' ' || code || ' ' || text AS line FROM breach_reasons");
        assert_eq!(told, ["first_response no_capacity Two were ill"]);
        verified(&app);
    });
}
