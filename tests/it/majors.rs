//! Major incidents: declared, led from one promised word to the next, withdrawn with a reason; shown
//! on the record, in the queue, in exports. On both databases.

use andon::incidents::{Declare, declare_major};
use andon::records::{Kind, Number, Record};
use time::Duration;

use crate::app::{App, Client, Desk, Human, LogCall, Page, each_database, each_database_with};
use crate::instants::{ago, tampered, verified};
use crate::life_cycle::record_in;

const REASON: &str = "Card payments fail in 14 stores <b>";

/// Makes an incident major, led by the manager, the next word promised in half an hour.
pub fn major(app: &App, desk: &Desk, number: Number) {
    let command = Declare {
        reason: REASON.into(),
        lead: Some(desk.manager.id),
        next_update_at: Some(app.now().plus(Duration::minutes(30))),
    };
    app.act(&desk.manager, |w, v, ctx| {
        declare_major(w, v, ctx, number, &command)
    })
    .unwrap();
}

fn incident(app: &App, desk: &Desk) -> (Record, String) {
    let record = record_in(app, desk, Kind::Incident, "in_progress");
    let path = app.path(&record);
    (record, path)
}

#[track_caller]
fn post(client: &Client, path: &str, fields: &[(&str, &str)]) -> Page {
    let key = uuid::Uuid::new_v4().to_string();
    let mut all = vec![("form_key", key.as_str()), ("seen", "9999")];
    all.extend(fields);
    client.post(path, &all)
}

fn names(app: &App) -> Vec<String> {
    app.database
        .lines("SELECT name AS line FROM facts WHERE name LIKE '%major%' ORDER BY seq")
}

#[test]
fn a_major_incident_is_declared_led_and_withdrawn_without_a_script() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let client = app.visit(&desk.manager);
        client.page(&path).assert_says("Declare a major incident");
        let form = client.page(&format!("{path}/major")).form("/major");
        // Nobody has it: whoever declares it leads, unless they choose another. The next word is
        // proposed.
        assert_eq!(
            form.value("major_lead"),
            Some(desk.manager.id.to_string().as_str())
        );
        assert_eq!(
            form.value("major_next_update_at"),
            Some(ago(&app, -30).as_str())
        );
        let form = form
            .set("major_reason", REASON)
            .set("major_lead", &desk.colleague.id.to_string());
        let declared = client.send(&form).expect(303);
        let page = client.follow(&declared);
        page.assert_says("This is a major incident now.");
        page.assert_says(REASON);
        page.assert_says("Ben Okafor");
        page.assert_says("Next update");
        assert!(!page.text().contains("overdue"), "{}", page.text());
        assert!(app.record(record.id).is_major);
        // Sent once more it is the same.
        assert_eq!(client.send(&form).location(), declared.location());

        // The session is over by then.
        app.travel(Duration::minutes(95));
        let client = app.visit(&desk.manager);
        client.page(&path).assert_says("overdue by 65 minutes");
        app.travel(Duration::minutes(60));
        let client = app.visit(&desk.manager);
        client.page(&path).assert_says("overdue by 2 hours");
        // Another lead alone: the promise that is late already stays.
        let plan = client.page(&format!("{path}/major")).form("/major/plan");
        client
            .send(&plan.set("major_lead", &desk.manager.id.to_string()))
            .expect(303);
        let plan = client.page(&format!("{path}/major")).form("/major/plan");
        let next = ago(&app, -45);
        client
            .send(&plan.set("major_next_update_at", &next))
            .expect(303);
        let page = client.page(&path);
        assert!(!page.text().contains("overdue"), "{}", page.text());
        page.assert_says("Mona Berg");

        let withdraw = client
            .page(&format!("{path}/major"))
            .form("/major/withdrawal");
        client
            .send(&withdraw)
            .expect(422)
            .assert_says("Fill this in");
        let gone = client
            .send(&withdraw.set("major_withdrawn_because", "One store only"))
            .expect(303);
        let page = client.follow(&gone);
        page.assert_says("not a major incident any more");
        assert!(!app.record(record.id).is_major);
        assert_eq!(app.count("SELECT count(*) FROM majors"), 0);
        assert_eq!(
            names(&app),
            [
                "incident.major_declared",
                "incident.major_planned",
                "incident.major_planned",
                "incident.major_withdrawn"
            ]
        );
        let history = client.page(&format!("{path}?tab=history")).text();
        for words in [
            "Declared a major incident",
            "No longer a major incident",
            "One store only",
            REASON,
            "Ben Okafor",
        ] {
            assert!(history.contains(words), "{words}: {history}");
        }
        // It can be declared again.
        major(&app, &desk, record.number());
        client.page(&path).assert_says("Major incident");
        verified(&app);
    });
}

#[test]
fn only_who_has_the_right_declares_and_only_open_incidents() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let agent = app.visit(&desk.agent);
        assert!(!agent.page(&path).text().contains("Declare a major"));
        agent.get(&format!("{path}/major")).expect(403);
        let next = ago(&app, -30);
        let lead = desk.agent.id.to_string();
        let fields = [
            ("major_reason", REASON),
            ("major_lead", lead.as_str()),
            ("major_next_update_at", next.as_str()),
        ];
        post(&agent, &format!("{path}/major"), &fields).expect(403);
        major(&app, &desk, record.number());
        // Whoever works sees it; only who has the right changes it.
        let page = agent.page(&path);
        page.assert_says(REASON);
        assert!(!page.text().contains("Lead and next update"));
        post(&agent, &format!("{path}/major/plan"), &fields).expect(403);
        let reason = [("major_withdrawn_because", "No")];
        post(&agent, &format!("{path}/major/withdrawal"), &reason).expect(403);

        let manager = app.visit(&desk.manager);
        for state in ["resolved", "closed", "cancelled"] {
            let ended = record_in(&app, &desk, Kind::Incident, state);
            let path = app.path(&ended);
            assert!(!manager.page(&path).text().contains("Declare a major"));
            manager.get(&format!("{path}/major")).expect(409);
            let page = post(&manager, &format!("{path}/major"), &fields).expect(409);
            assert_eq!(page.form("/major").value("major_reason"), Some(REASON));
        }
        let request = record_in(&app, &desk, Kind::Request, "new");
        let path = app.path(&request);
        post(&manager, &format!("{path}/major"), &fields).expect(404);
        assert_eq!(names(&app).len(), 1);
    });
}

#[test]
fn what_is_wrong_is_said_beside_the_field_and_nothing_is_lost() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let client = app.visit(&desk.manager);
        let before = app.record(record.id).facts;
        let id = |human: &Human| human.id.to_string();
        let (agent, requester, disabled) =
            (id(&desk.agent), id(&desk.requester), id(&desk.disabled));
        let nobody = uuid::Uuid::now_v7().to_string();
        let (next, past) = (ago(&app, -30), ago(&app, 1));
        let wrong: [(&str, &str, &str, &str); 10] = [
            ("", agent.as_str(), next.as_str(), "Fill this in"),
            (" \t ", &agent, &next, "Fill this in"),
            (REASON, "", &next, "Choose one"),
            (REASON, "somebody", &next, "not one of the choices"),
            (REASON, &nobody, &next, "no longer available"),
            (REASON, &requester, &next, "cannot lead"),
            (REASON, &disabled, &next, "cannot lead"),
            (REASON, &agent, "", "Fill this in"),
            (REASON, &agent, &past, "a time to come"),
            (REASON, &agent, "soon", "Write a date"),
        ];
        for (reason, lead, at, says) in wrong {
            let fields = [
                ("major_reason", reason),
                ("major_lead", lead),
                ("major_next_update_at", at),
            ];
            let page = post(&client, &format!("{path}/major"), &fields).expect(422);
            page.assert_says(says);
            let form = page.form("/major");
            assert_eq!(form.value("major_reason"), Some(reason), "{says}");
            assert_eq!(form.value("major_next_update_at"), Some(at), "{says}");
        }
        assert_eq!(app.record(record.id).facts, before);
        // Two at once: the second is told, and their reason stays.
        major(&app, &desk, record.number());
        let fields = [
            ("major_reason", "Mine too"),
            ("major_lead", agent.as_str()),
            ("major_next_update_at", next.as_str()),
        ];
        let page = post(&client, &format!("{path}/major"), &fields).expect(409);
        page.assert_says("is a major incident already, led by Mona Berg");
        assert_eq!(
            page.form("/major/plan").value("major_reason"),
            Some("Mine too")
        );
        // A promise that is over is none, and withdrawn there is nothing to plan.
        let plan = [("major_next_update_at", past.as_str())];
        post(&client, &format!("{path}/major/plan"), &plan)
            .expect(422)
            .assert_says("a time to come");
        let reason = [("major_withdrawn_because", "Over")];
        post(&client, &format!("{path}/major/withdrawal"), &reason).expect(303);
        let page = post(&client, &format!("{path}/major/withdrawal"), &reason).expect(409);
        page.assert_says("is not a major incident");
        assert_eq!(
            page.form("/withdrawal").value("major_withdrawn_because"),
            Some("Over")
        );
        verified(&app);
    });
}

#[test]
fn two_promises_at_once_are_for_people_to_choose() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        major(&app, &desk, record.number());
        let (mine, theirs) = (app.visit(&desk.manager), app.visit(&desk.administrator));
        let form = mine.page(&format!("{path}/major")).form("/major/plan");
        let other = theirs.page(&format!("{path}/major")).form("/major/plan");
        theirs
            .send(&other.set("major_lead", &desk.agent.id.to_string()))
            .expect(303);
        let page = mine
            .send(&form.set("major_lead", &desk.colleague.id.to_string()))
            .expect(409);
        page.assert_says("Ana Lima");
        page.assert_says("Ben Okafor");
        mine.send(&page.form("/major/plan")).expect(303);
        mine.page(&path).assert_says("Ben Okafor");
        verified(&app);
    });
}

#[test]
fn the_queue_marks_filters_and_exports_major_incidents() {
    each_database(|app| {
        let desk = app.desk();
        let (record, _) = incident(&app, &desk);
        app.log(&desk.agent, &LogCall::incident("A small thing"));
        major(&app, &desk, record.number());
        let client = app.visit(&desk.agent);
        let page = client.page("/queue?view=open");
        let marked = |page: &Page| page.html().matches("chip major").count();
        assert_eq!(marked(&page), 1);
        page.assert_says("A small thing");
        let page = client.page("/queue?view=open&major=1");
        assert_eq!(marked(&page), 1);
        assert!(!page.text().contains("A small thing"), "{}", page.text());
        page.assert_says("Only major");
        client
            .page("/queue?view=open&major=maybe")
            .assert_says("major=maybe");
        let csv = client.page("/queue.csv?view=open").html();
        let lines: Vec<&str> = csv.lines().collect();
        assert!(lines[0].contains(",major,impact_began_at,"), "{csv}");
        let number = record.number().to_string();
        let line = lines.iter().find(|l| l.starts_with(&number)).unwrap();
        assert!(line.contains(",true,,,"), "{csv}");
        assert_eq!(csv.matches(",true,").count(), 1, "{csv}");
        // Finished it stays visible as what it was, and promises nothing any more.
        let practice = andon::follow::practice_of(Kind::Incident);
        let done = andon::records::actions::Resolve {
            code: "fixed".into(),
            text: "Cache cleared.".into(),
        };
        let number = record.number();
        app.act(&desk.agent, |w, v, ctx| {
            andon::records::actions::resolve(w, v, ctx, practice, number, &done)
        })
        .unwrap();
        app.travel(Duration::hours(3));
        let client = app.visit(&desk.agent);
        let page = client.page(&app.path(&record));
        page.assert_says(REASON);
        assert!(!page.text().contains("overdue"), "{}", page.text());
        assert!(!page.text().contains("Next update"), "{}", page.text());
        let page = client.page("/queue?view=incident&show=done&major=1");
        assert_eq!(marked(&page), 1);
        verified(&app);
    });
}

#[test]
fn a_record_that_is_neither_costs_its_readers_no_statement() {
    each_database_with(
        |serve| serve.diagnostics = true,
        |app| {
            let desk = app.desk();
            let plain = app.log(&desk.agent, &LogCall::incident("Plain"));
            let request = app.log(&desk.agent, &LogCall::of(Kind::Request, "Plain"));
            let other = app.log(&desk.agent, &LogCall::incident("Major"));
            let client = app.visit(&desk.manager);
            let statements = |path: &str| app.statements(&client, path);
            let of = |record: &Record| statements(&app.path(record));
            let without = of(&plain);
            // An open incident is asked whether a known error is like it, and which actions came of it.
            assert_eq!(without, of(&request) + 2);
            let queue = statements("/queue?view=open");
            major(&app, &desk, other.number());
            assert_eq!(of(&other), without + 1);
            assert_eq!(statements("/queue?view=open"), queue);
        },
    );
}

#[test]
fn tampering_with_a_major_incident_is_found() {
    each_database(|app| {
        let desk = app.desk();
        let (record, _) = incident(&app, &desk);
        major(&app, &desk, record.number());
        verified(&app);
        let number = record.number();
        for (statement, says) in [
            ("UPDATE majors SET reason = 'Nothing'", "major_reason"),
            (
                "UPDATE majors SET next_update_at = since",
                "major_next_update_at",
            ),
            ("UPDATE majors SET since = next_update_at", "major_since"),
            (
                "UPDATE majors SET lead_id = (SELECT id FROM people WHERE name = 'Ana Lima')",
                "major_lead",
            ),
            ("DELETE FROM majors", "major_row"),
            (
                "UPDATE records SET is_major = FALSE WHERE is_major",
                "major",
            ),
        ] {
            let lines = tampered(&app, statement);
            let expected = format!("{number}: {says}: ");
            assert!(
                lines.iter().any(|line| line.starts_with(&expected)),
                "{statement}: {lines:#?}"
            );
        }
        verified(&app);
    });
}
