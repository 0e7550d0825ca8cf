//! When an incident's impact began, when it was detected, acknowledged and mitigated: said, corrected,
//! cleared, each with its source; one written by itself. On both databases.

use andon::app::verify;
use andon::follow::practice_of;
use andon::platform::kernel::error::Error;
use andon::records::actions::{self, Assign};
use andon::records::{Kind, Number, Record};
use time::Duration;

use crate::app::{App, Client, Desk, Human, LogCall, Page, each_database};
use crate::life_cycle::record_in;

/// Nothing of a record differs between journal and tables. (What a test is set up with has no facts.)
#[track_caller]
pub fn verified(app: &App) {
    let mut lines = Vec::new();
    verify::run(&app.site.store, &[], &mut |line| {
        let set_up = [
            "person ",
            "team ",
            "service ",
            "category ",
            "setting ",
            "calendar ",
            "agreement ",
        ];
        if !set_up.iter().any(|what| line.starts_with(what)) {
            lines.push(line.to_owned());
        }
    })
    .unwrap();
    assert_eq!(lines, Vec::<String>::new());
}

/// What verifying says after a statement that is taken back.
pub fn tampered(app: &App, statement: &str) -> Vec<String> {
    use diesel::RunQueryDsl;
    let lines = std::cell::RefCell::new(Vec::new());
    let undone = app.site.store.write_here(|w| {
        diesel::sql_query(statement).execute(&mut **w)?;
        lines.borrow_mut().clear();
        verify::look(w, &[], &mut |line| lines.borrow_mut().push(line.to_owned()))?;
        Err::<(), _>(Error::refused("error-refused"))
    });
    assert!(undone.is_err());
    lines.into_inner()
}

/// A minute so long ago, as a field of a browser holds it.
pub fn ago(app: &App, minutes: i64) -> String {
    let at = app.now().minus(Duration::minutes(minutes));
    at.rfc3339().chars().take(16).collect()
}

#[track_caller]
fn set(client: &Client, path: &str, fields: &[(&str, &str)]) -> Page {
    let mut form = client.page(&format!("{path}/instants")).form("/instants");
    for (name, value) in fields {
        form = form.set(name, value);
    }
    client.send(&form)
}

/// Posts fields as they are, each time as a new form.
#[track_caller]
fn post(client: &Client, path: &str, fields: &[(&str, &str)]) -> Page {
    let key = uuid::Uuid::new_v4().to_string();
    let mut all = vec![("form_key", key.as_str())];
    all.extend(fields);
    client.post(&format!("{path}/instants"), &all)
}

/// Which instants a database holds, with their sources.
fn kept(app: &App) -> Vec<String> {
    app.database.lines(
        "SELECT which || ' ' || coalesce(source, '-') || ' ' || \
         CASE WHEN at IS NULL THEN 'cleared' ELSE 'set' END AS line \
         FROM incident_instants ORDER BY which",
    )
}

fn names(app: &App) -> Vec<String> {
    app.database.lines(
        "SELECT name AS line FROM facts \
         WHERE name LIKE '%instants_set' OR name LIKE '%acknowledged' ORDER BY seq",
    )
}

fn fresh(app: &App, desk: &Desk) -> (Record, String) {
    let call = LogCall::incident("Card payments fail").from(&desk.requester);
    let record = app.log(&desk.agent, &call);
    let path = app.path(&record);
    (record, path)
}

fn assign(app: &App, by: &Human, number: Number, to: Option<&Human>) {
    let command = Assign {
        seen: i64::MAX,
        assignee: Some(to.map(|human| human.id)),
        ..Assign::default()
    };
    let practice = practice_of(number.kind);
    app.act(by, |w, v, ctx| {
        actions::assign(w, v, ctx, practice, number, &command)
    })
    .unwrap();
}

#[test]
fn instants_are_said_corrected_and_cleared_without_a_script() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = fresh(&app, &desk);
        let client = app.visit(&desk.agent);
        // Nothing is shown where nothing is known; a link asks for it.
        let page = client.page(&path);
        assert!(!page.text().contains("Impact began"), "{}", page.text());
        page.assert_says("Say when it happened");
        let fields = [
            ("impact_began_at", &*ago(&app, 50)),
            ("impact_began_source", "log"),
            ("impact_began_note", "Gateway log <b>"),
            ("detected_at", &*ago(&app, 40)),
            ("detected_source", "monitoring"),
        ];
        let saved = set(&client, &path, &fields).expect(303);
        let page = client.follow(&saved);
        for words in [
            "Impact began",
            "A log or tool",
            "Gateway log <b>",
            "Detected",
            "Monitoring",
            "Ana Lima",
        ] {
            page.assert_says(words);
        }
        assert!(app.record(record.id).has_instants);
        let both = ["detected monitoring set", "impact_began log set"];
        assert_eq!(kept(&app), both);
        // Sent unchanged nothing happens at all.
        let before = app.record(record.id).facts;
        set(&client, &path, &[]).expect(303);
        assert_eq!(app.record(record.id).facts, before);
        // Corrected by somebody else: history keeps the former value.
        let other = app.visit(&desk.colleague);
        let better = ago(&app, 45);
        let fields = [
            ("detected_at", better.as_str()),
            ("detected_source", "person"),
        ];
        set(&other, &path, &fields).expect(303);
        other.page(&path).assert_says("Ben Okafor");
        let history = client.page(&format!("{path}?tab=history")).text();
        for words in ["Said when it happened", "Monitoring", "A person said so"] {
            assert!(history.contains(words), "{words}: {history}");
        }
        assert!(!history.contains("set_at"), "{history}");
        // An empty time clears it, with what was said about it.
        set(&client, &path, &[("impact_began_at", "")]).expect(303);
        let page = client.page(&path);
        assert!(!page.text().contains("Gateway log"), "{}", page.text());
        let left = ["detected person set", "impact_began - cleared"];
        assert_eq!(kept(&app), left);
        verified(&app);
    });
}

#[test]
fn what_is_wrong_is_said_beside_the_field_and_everything_comes_back() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = fresh(&app, &desk);
        let client = app.visit(&desk.agent);
        let before = app.record(record.id).facts;
        let (then, future, long) = (ago(&app, 10), ago(&app, -30), "x".repeat(201));
        let wrong: [([&str; 3], &str); 7] = [
            ([&future, "log", ""], "This lies in the future"),
            ([&then, "", ""], "Say where this is known from"),
            (["", "log", ""], "Give the time"),
            (["", "", "Somebody knows"], "Give the time"),
            (["yesterday", "log", ""], "Write a date"),
            ([&then, "rumour", ""], "not one of the choices"),
            (
                [&then, "log", &long],
                "At most 200 characters; this has 201",
            ),
        ];
        for ([at, source, note], says) in wrong {
            let fields = [
                ("mitigated_at", at),
                ("mitigated_source", source),
                ("mitigated_note", note),
            ];
            let page = post(&client, &path, &fields).expect(422);
            page.assert_says(says);
            let form = page.form("/instants");
            assert_eq!(form.value("mitigated_at"), Some(at), "{says}");
            assert_eq!(form.value("mitigated_note"), Some(note), "{says}");
        }
        // Nobody says "first assignment" of a time of their own.
        let own = [
            ("acknowledged_at", then.as_str()),
            ("acknowledged_source", "first_assignment"),
        ];
        post(&client, &path, &own)
            .expect(422)
            .assert_says("Only the first assignment itself");
        assert_eq!(app.record(record.id).facts, before);
        assert_eq!(kept(&app), Vec::<String>::new());
    });
}

#[test]
fn an_odd_order_is_asked_about_once_and_then_stands() {
    each_database(|app| {
        let desk = app.desk();
        let (_, path) = fresh(&app, &desk);
        let client = app.visit(&desk.agent);
        let (began, detected, mitigated) = (ago(&app, 20), ago(&app, 30), ago(&app, 40));
        let odd = [
            ("impact_began_at", began.as_str()),
            ("impact_began_source", "log"),
            ("detected_at", detected.as_str()),
            ("detected_source", "monitoring"),
        ];
        let page = set(&client, &path, &odd).expect(422);
        page.assert_says("This is before the impact began");
        assert_eq!(kept(&app), Vec::<String>::new());
        let form = page.form("/instants");
        assert_eq!(form.value("detected_at"), Some(detected.as_str()));
        // Monitoring saw the disk fill up before it hurt anybody.
        client.send(&form.add("odd_order", "1")).expect(303);
        assert_eq!(kept(&app).len(), 2);
        // What stands is not asked about again, and another pair is.
        set(&client, &path, &[("detected_note", "Disk alert")]).expect(303);
        let late = [
            ("mitigated_at", mitigated.as_str()),
            ("mitigated_source", "estimate"),
        ];
        set(&client, &path, &late)
            .expect(422)
            .assert_says("This is before it was detected");
        verified(&app);
    });
}

#[test]
fn the_first_person_assigned_acknowledges_it_by_itself_and_nobody_after_them() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = fresh(&app, &desk);
        let number = record.number();
        assert_eq!(kept(&app), Vec::<String>::new());
        app.travel(Duration::minutes(7));
        assign(&app, &desk.manager, number, Some(&desk.agent));
        app.travel(Duration::minutes(7));
        assign(&app, &desk.manager, number, Some(&desk.colleague));
        assign(&app, &desk.manager, number, None);
        assign(&app, &desk.manager, number, Some(&desk.agent));
        assert_eq!(names(&app), ["incident.acknowledged"]);
        assert_eq!(kept(&app), ["acknowledged first_assignment set"]);
        let client = app.visit(&desk.agent);
        let page = client.page(&path);
        page.assert_says("Acknowledged");
        page.assert_says("First assignment");
        let csv = client.page("/queue.csv?view=incident&show=all").html();
        assert!(csv.contains("Z,first_assignment,,"), "{csv}");
        // Corrected, it stays corrected; cleared, it stays cleared.
        let was = ago(&app, 12);
        set(&client, &path, &[("acknowledged_at", was.as_str())])
            .expect(422)
            .assert_says("Only the first assignment itself");
        let fields = [
            ("acknowledged_at", was.as_str()),
            ("acknowledged_source", "person"),
        ];
        set(&client, &path, &fields).expect(303);
        let again = || {
            assign(&app, &desk.manager, number, None);
            assign(&app, &desk.manager, number, Some(&desk.agent));
        };
        again();
        assert_eq!(kept(&app), ["acknowledged person set"]);
        set(&client, &path, &[("acknowledged_at", "")]).expect(303);
        again();
        assert_eq!(kept(&app), ["acknowledged - cleared"]);
        verified(&app);
    });
}

#[test]
fn only_people_acknowledge_and_only_incidents_are_acknowledged() {
    each_database(|app| {
        let desk = app.desk();
        // Given to a team it is nobody's yet.
        let (record, _) = fresh(&app, &desk);
        let command = Assign {
            seen: i64::MAX,
            team: Some(Some(desk.network)),
            ..Assign::default()
        };
        let practice = practice_of(Kind::Incident);
        app.act(&desk.agent, |w, v, ctx| {
            actions::assign(w, v, ctx, practice, record.number(), &command)
        })
        .unwrap();
        let request = LogCall {
            assignee: Some(&desk.agent),
            ..LogCall::of(Kind::Request, "A chair")
        };
        app.log(&desk.agent, &request);
        assert_eq!(names(&app), Vec::<String>::new());
        // Taken, or logged with somebody on it.
        let taken = fresh(&app, &desk).0;
        let client = app.visit(&desk.agent);
        let form = client.page("/queue").form("/queue/next");
        client.send(&form).expect(303);
        assert!(app.record(taken.id).has_instants);
        let logged = LogCall {
            assignee: Some(&desk.agent),
            ..LogCall::incident("Logged with somebody")
        };
        let logged = app.log(&desk.agent, &logged);
        assert!(app.record(logged.id).has_instants);
        assert_eq!(names(&app), ["incident.acknowledged"; 2]);
        verified(&app);
    });
}

#[test]
fn somebody_who_had_it_before_instants_were_kept_is_not_overwritten() {
    each_database(|app| {
        let desk = app.desk();
        let (record, _) = fresh(&app, &desk);
        let number = record.number();
        assign(&app, &desk.manager, number, Some(&desk.agent));
        // As it would stand after an upgrade, or an import: assigned once, and nothing kept of it.
        app.write(|w| {
            use andon::schema::{incident_instants, records};
            use diesel::prelude::*;
            diesel::delete(incident_instants::table).execute(&mut **w)?;
            diesel::update(records::table)
                .set(records::has_instants.eq(false))
                .execute(&mut **w)?;
            Ok(())
        });
        app.travel(Duration::minutes(5));
        assign(&app, &desk.manager, number, None);
        app.travel(Duration::minutes(5));
        assign(&app, &desk.manager, number, Some(&desk.colleague));
        assert_eq!(kept(&app), Vec::<String>::new());
    });
}

#[test]
fn two_who_say_otherwise_choose_and_a_closed_record_stays_as_it_is() {
    each_database(|app| {
        let desk = app.desk();
        let (_, path) = fresh(&app, &desk);
        let (mine, theirs) = (app.visit(&desk.agent), app.visit(&desk.colleague));
        let form = mine.page(&format!("{path}/instants")).form("/instants");
        let said = ago(&app, 20);
        let first = [
            ("detected_at", said.as_str()),
            ("detected_source", "person"),
        ];
        set(&theirs, &path, &first).expect(303);
        let form = form
            .set("detected_at", &ago(&app, 25))
            .set("detected_source", "log")
            .set("mitigated_at", &ago(&app, 5))
            .set("mitigated_source", "log");
        let page = mine.send(&form).expect(409);
        page.assert_says("Detected");
        page.assert_says("Ben Okafor");
        page.assert_says("A person said so");
        let choice = page
            .form("/instants")
            .set("keep-detected_at", "theirs")
            .set("keep-detected_source", "theirs");
        mine.send(&choice).expect(303);
        assert_eq!(kept(&app), ["detected person set", "mitigated log set"]);
        assert_eq!(names(&app), ["incident.instants_set"; 2]);

        let closed = record_in(&app, &desk, Kind::Incident, "closed");
        let path = app.path(&closed);
        let page = mine.page(&path);
        assert!(!page.text().contains("Say when it happened"));
        mine.get(&format!("{path}/instants")).expect(409);
        let fields = [("mitigated_at", said.as_str()), ("mitigated_source", "log")];
        let page = post(&mine, &path, &fields).expect(409);
        let form = page.form("/instants");
        assert_eq!(form.value("mitigated_at"), Some(said.as_str()));
        // Only incidents have them.
        let request = record_in(&app, &desk, Kind::Request, "new");
        let path = app.path(&request);
        mine.get(&format!("{path}/instants")).expect(404);
        assert!(!mine.page(&path).text().contains("Say when it happened"));
        verified(&app);
    });
}

#[test]
fn tampering_with_an_instant_is_found() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = fresh(&app, &desk);
        let client = app.visit(&desk.agent);
        let said = [
            ("mitigated_at", &*ago(&app, 5)),
            ("mitigated_source", "log"),
            ("mitigated_note", "Restarted"),
        ];
        set(&client, &path, &said).expect(303);
        verified(&app);
        let number = record.number();
        for (set, field) in [
            (
                "UPDATE incident_instants SET source = 'person'",
                "mitigated_source",
            ),
            (
                "UPDATE incident_instants SET note = 'Nothing'",
                "mitigated_note",
            ),
            ("UPDATE incident_instants SET at = NULL", "mitigated_at"),
            (
                "UPDATE incident_instants SET set_at = at",
                "mitigated_set_at",
            ),
            ("UPDATE incident_instants SET by_id = NULL", "mitigated_by"),
            (
                "UPDATE incident_instants SET which = 'detected'",
                "detected_at",
            ),
            ("DELETE FROM incident_instants", "instants"),
        ] {
            let lines = tampered(&app, set);
            let expected = format!("{number}: {field}: ");
            let found = lines.iter().any(|line| line.starts_with(&expected));
            assert!(found, "{set}: {lines:#?}");
        }
        verified(&app);
    });
}
