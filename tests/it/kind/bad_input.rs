//! A kind changed while somebody writes: they get their text back with what changed, and can send it.

use super::*;

#[test]
fn a_reply_to_the_old_number_comes_back_with_what_changed_and_can_be_sent() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let client = app.visit(&desk.agent);
        let text = "Line one <b>\r\n\r\nline two, with “quotes” & more";
        let form = client
            .page(&app.path(&record))
            .form("/entries")
            .set("audience", "public")
            .set("body", text);
        change(&app, &desk.manager, record.number()).unwrap();
        let before = facts(&app);
        let back = client.send(&form).expect(409);
        for said in [
            "Nothing is lost.",
            "INC-1 is now REQ-1",
            "changed its kind at",
            &desk.manager.name,
            "In fulfilment",
            "line two, with “quotes” & more",
        ] {
            back.assert_says(said);
        }
        assert_eq!(facts(&app), before);
        assert_eq!(app.count("SELECT count(*) FROM entries"), 0);
        let carried = back.form("/requests/REQ-1/entries");
        assert_eq!(carried.value("body"), Some(text));
        assert_eq!(carried.value("seen"), form.value("seen"));
        // Gone on with there: the ordinary page, with the text in its place.
        let there = client.press(&carried, "show_again", "1").expect(200);
        assert_eq!(there.form("/entries").value("body"), Some(text));
        // Or sent as it is; twice is once.
        let sent = client.send(&carried).expect(303);
        assert_eq!(sent.location(), "/requests/REQ-1");
        client.send(&carried).expect(303);
        let said = app.database.lines("SELECT body AS line FROM entries");
        assert_eq!(said, [text.replace('\r', "")]);
        verified(&app);
    });
}

/// What else was written meanwhile is still shown before the reply goes out.
#[test]
fn other_news_are_still_told_after_the_number_changed() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let client = app.visit(&desk.agent);
        let form = client
            .page(&app.path(&record))
            .form("/entries")
            .set("audience", "public")
            .set("body", "Mine");
        let now = change(&app, &desk.manager, record.number()).unwrap();
        let say = Say {
            body: "Theirs".into(),
            anyway: true,
            ..Say::default()
        };
        app.act(&desk.manager, |w, v, ctx| {
            actions::reply(w, v, ctx, now.number(), &say)
        })
        .unwrap();
        let back = client.send(&form).expect(409);
        let news = client
            .send(&back.form("/requests/REQ-1/entries"))
            .expect(409);
        news.assert_says("Theirs");
        assert_eq!(news.form("/entries").value("body"), Some("Mine"));
        assert_eq!(app.count("SELECT count(*) FROM entries"), 1);
    });
}

#[test]
fn every_form_to_the_old_number_comes_back_and_does_nothing() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let path = app.path(&record);
        change(&app, &desk.manager, record.number()).unwrap();
        let client = app.visit(&desk.agent);
        let before = facts(&app);
        let me = desk.agent.id.to_string();
        let forms: [(&str, &[(&str, &str)], &str); 11] = [
            ("assignment", &[("assignee", &me)], ""),
            (
                "cancellation",
                &[
                    ("cancellation_code", "withdrawn"),
                    ("cancellation_text", "kept 1"),
                ],
                "kept 1",
            ),
            (
                "fields",
                &[("title", "kept 2"), ("panel", "title")],
                "kept 2",
            ),
            (
                "hold",
                &[("hold_reason", "requester"), ("question", "kept 3")],
                "kept 3",
            ),
            ("kind", &[("kind_reason", "kept 4")], "kept 4"),
            (
                "links",
                &[("link_to", "PRB-kept5"), ("link_type", "related")],
                "",
            ),
            ("progress", &[("to", "in_progress")], ""),
            (
                "resolution",
                &[("resolution_code", "fixed"), ("resolution_text", "kept 6")],
                "kept 6",
            ),
            ("resumption", &[], ""),
            ("tasks", &[("task_title", "kept 7")], "kept 7"),
            ("watchers", &[("watcher", &me)], ""),
        ];
        for (below, fields, kept) in forms {
            let back = post(&client, &format!("{path}/{below}"), fields);
            // A field that is wrong by itself says so first.
            let status = if below == "links" { 422 } else { 409 };
            let back = back.expect(status);
            back.assert_says("INC-1 is now REQ-1");
            back.assert_says(kept);
            let form = back.form(&format!("/requests/REQ-1/{below}"));
            for (name, value) in fields {
                assert_eq!(form.value(name), Some(*value), "{below}");
            }
        }
        assert_eq!(facts(&app), before);
        verified(&app);
    });
}

#[test]
fn a_file_sent_to_the_old_number_is_kept() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let client = app.visit(&desk.agent);
        let form = client
            .page(&app.path(&record))
            .form("/entries")
            .set("audience", "note")
            .set("body", "With a file")
            .file("files", "log.txt", b"line");
        change(&app, &desk.manager, record.number()).unwrap();
        let back = client.send(&form).expect(409);
        back.assert_says("log.txt");
        client
            .send(&back.form("/requests/REQ-1/entries"))
            .expect(303);
        let there = client.page("/requests/REQ-1");
        there.assert_says("With a file");
        there.assert_says("log.txt");
        verified(&app);
    });
}

#[test]
fn two_who_change_the_same_kind_change_it_once() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let path = app.path(&record);
        let (first, second) = (app.visit(&desk.agent), app.visit(&desk.manager));
        let form = |client: &Client| client.page(&format!("{path}/kind")).form("/kind");
        let (a, b) = (form(&first), form(&second));
        first.send(&a).expect(303);
        let back = second.send(&b).expect(409);
        back.assert_says("INC-1 is now REQ-1");
        assert_eq!(app.record(record.id).kind_changes, 1);
        verified(&app);
    });
}

#[test]
fn what_is_not_open_or_never_converted_says_so() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        for (kind, state, says) in [
            (Kind::Incident, "resolved", "no longer open"),
            (Kind::Request, "cancelled", "no longer open"),
            (Kind::Problem, "new", "keeps its kind"),
            (Kind::Change, "draft", "keeps its kind"),
        ] {
            let record = record_in(&app, &desk, kind, state);
            let path = app.path(&record);
            assert!(!client.page(&path).html().contains("/kind\""));
            let reason = [("kind_reason", "typed in vain")];
            let back = post(&client, &format!("{path}/kind"), &reason).expect(409);
            back.assert_says(says);
            let kept = back.form("/kind");
            assert_eq!(kept.value("kind_reason"), Some("typed in vain"));
        }
        let record = record_in(&app, &desk, Kind::Incident, "new");
        let long = "x".repeat(201);
        let path = format!("{}/kind", app.path(&record));
        let back = post(&client, &path, &[("kind_reason", &long)]).expect(422);
        back.assert_says("At most 200 characters");
        assert_eq!(back.form("/kind").value("kind_reason"), Some(long.as_str()));
        assert_eq!(app.count("SELECT count(*) FROM former_numbers"), 0);
    });
}

#[test]
fn a_former_number_that_was_tampered_with_is_named() {
    each_database(|app| {
        let desk = app.desk();
        let record = app.log(&desk.agent, &LogCall::incident("Watched"));
        change(&app, &desk.agent, record.number()).unwrap();
        verified(&app);
        let said = |sql: &str| {
            use diesel::connection::SimpleConnection;
            app.database.connect().batch_execute(sql).unwrap();
            let mut lines = String::new();
            verify::run(&app.site.store, &[], &mut |line| {
                lines.push_str(line);
                lines.push('\n');
            })
            .unwrap();
            lines
        };
        let lines = said("UPDATE records SET kind_changes = 2 WHERE kind = 'request'");
        assert!(lines.contains("REQ-1: kind changes: "), "{lines}");
        let lines = said("UPDATE former_numbers SET number = 7");
        assert!(lines.contains("INC-7"), "{lines}");
        assert!(lines.contains("INC-1"), "{lines}");
        let lines = said("DELETE FROM former_numbers");
        assert!(
            lines.contains("former number INC-1: the journal has it"),
            "{lines}"
        );
        let lines = said("UPDATE records SET kind = 'incident' WHERE kind = 'request'");
        assert!(lines.contains("kind: the journal says request"), "{lines}");
    });
}
