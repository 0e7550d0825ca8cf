//! Bad input: limits with a message beside the field, filters nobody knows, numbers that are none, ids of
//! other things; never an error of ours, never half a change.

use andon::records::Kind;

use crate::app::{App, Client, LogCall, each_database, on_sqlite};
use crate::life_cycle::record_in;

#[test]
fn unknown_filters_and_sorts_are_named_and_ignored() {
    each_database(|app| {
        let desk = app.desk();
        app.log(
            &desk.agent,
            &LogCall::incident("Still here").from(&desk.requester),
        );
        let client = app.visit(&desk.agent);
        let long = "x".repeat(3_000);
        for (query, named) in [
            ("view=open&colour=red", "colour=red"),
            ("view=open&sort=shoe", ""),
            ("view=open&sort=priority;DROP+TABLE+records", ""),
            ("view=open&dir=sideways", ""),
            ("view=shoe&state=new'--", "view=shoe"),
            ("view=open&priority=99999999999999999999", "priority"),
            ("view=open&team=not-an-id", "team"),
            (
                "view=open&team=00000000-0000-0000-0000-000000000000",
                "team",
            ),
            (
                "view=open&requester=0190b6e0-0000-7000-8000-000000000000",
                "requester",
            ),
            ("view=open&opened_from=2026-02-30", "opened_from"),
            ("view=open&kind=%00", "kind"),
            ("view=open&a=b=c&&&=&%zz", ""),
            ("view=open&after=nonsense", ""),
            ("view=open&after=1.2.3.4", ""),
            ("view=open&before=-1.99999999999999999999.x.y", ""),
        ] {
            let page = client.page(&format!("/queue?{query}"));
            page.assert_says("Still here");
            page.assert_says(named);
            // Either something is said of it, or it was no filter at all.
            let said = page.html().contains("data-lamp=\"risk\"");
            let is_filter =
                !query.contains("after=") && !query.contains("before=") && !query.contains("%zz");
            assert!(said || !is_filter, "{query} is ignored in silence");
        }
        client.page(&format!("/queue?view=open&colour={long}"));
        client.page(&format!("/search?q={long}&order=shoe&from=shoe&x={long}"));
        for path in [
            "/queue?%FF%FE=%C3%28",
            "/search?q=%FF%C3%28",
            "/queue.csv?kind=shoe",
            "/search?q=%00",
        ] {
            let status = client.get(path).status;
            assert!(matches!(status, 200 | 400 | 422), "{path}: {status}");
        }
    });
}

#[test]
fn numbers_that_are_none_do_not_exist() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let client = app.visit(&desk.agent);
        assert_eq!(record.number().to_string(), "INC-1");
        for path in [
            "/incidents/INC-0",
            "/incidents/INC-2",
            "/incidents/INC-99999999999999999999",
            "/incidents/INC-9223372036854775807",
            "/incidents/REQ-1",
            "/requests/INC-1",
            "/incidents/INC-1x",
            "/incidents/%00",
            "/incidents/INC-%EF%BC%91",
            "/incidents/%F0%9F%92%A9",
            "/shoes/INC-1",
            "/attachments/none",
            "/attachments/00000000-0000-0000-0000-000000000000",
        ] {
            let page = client.get(path);
            assert_eq!(page.status, 404, "{path}");
            // Only of what looks like a record is there something to post to.
            let posted = client.post(&format!("{path}/closure"), &[("form_key", "x")]);
            assert_eq!(posted.status, 404, "{path}");
        }
        for (path, to) in [
            ("/incidents/inc-1", "/incidents/INC-1"),
            ("/incidents/INC-0001", "/incidents/INC-1"),
            (
                "/incidents/inc1?tab=replies",
                "/incidents/INC-1?tab=replies",
            ),
            ("/incidents/inc-1/hold", "/incidents/INC-1/hold"),
        ] {
            assert_eq!(client.get(path).location(), to);
        }
        // The search jumps to a number, however it is written.
        for typed in ["INC-1", "inc-1", "inc1", "%20INC-1%20"] {
            assert_eq!(
                client.get(&format!("/search?q={typed}")).location(),
                "/incidents/INC-1"
            );
        }
    });
}

fn post_call(client: &Client, changes: &[(&str, &str)]) -> crate::app::Page {
    let form = client
        .page("/calls/new")
        .form("/calls")
        .set("title", "A title")
        .set("matrix", "2-2")
        // What monitoring reports comes from nobody.
        .set("channel", "monitoring");
    let form = changes.iter().fold(form, |form, (n, v)| form.set(n, v));
    client.press(&form, "do", "save")
}

#[test]
fn texts_of_every_kind_are_kept_or_refused_with_a_message() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        for title in [
            "🖨️👩‍💻 emoji",
            "\u{202e}gnp.exe",
            "עברית وعربي",
            "<script>alert(1)</script> & \"q\" 'a'",
            "{{ 7*7 }} ${7*7} %s %n",
            "'; DROP TABLE records; --",
            &"é".repeat(300),
        ] {
            let done = post_call(&client, &[("title", title), ("description", title)]);
            let page = client.follow(&done);
            assert!(!page.html().contains("<script>alert"), "{title}");
            let number: andon::records::Number =
                done.location().rsplit('/').next().unwrap().parse().unwrap();
            let visitor = andon::people::Visitor::command(app.now());
            let record = app.read(|r| andon::records::find_visible(r, &visitor, number));
            assert_eq!(record.description, title);
            client.page("/queue?view=open").doc();
        }
        // Control characters and line breaks in a line; NUL, which PostgreSQL cannot keep.
        for title in ["a\0b", "a\r\nb\tc", "\u{feff}a\u{7}b"] {
            let done = post_call(&client, &[("title", title), ("description", title)]);
            let page = client.follow(&done);
            assert!(!page.html().contains('\0'));
        }
        let kept = app.database.lines("SELECT title AS line FROM records");
        assert!(
            kept.iter().all(|t| !t.contains(['\0', '\r', '\n'])),
            "{kept:?}"
        );
        for (field, text) in [
            ("title", "x".repeat(301)),
            ("title", "x".repeat(10_000)),
            ("title", " \u{a0}\u{200b}".to_owned()),
            ("description", "ü".repeat(100_001)),
            ("new_name", "x".repeat(201)),
            ("new_phone", "1".repeat(61)),
        ] {
            let page = post_call(
                &client,
                &[
                    (field, &text),
                    ("new_name", if field == "new_name" { &text } else { "" }),
                ],
            );
            let page = page.expect(422);
            let named = page
                .doc()
                .elements()
                .any(|(_, e)| e.attr("id") == Some(&format!("{field}-e")));
            assert!(named, "{field} has no message beside it");
        }
    });
}

#[test]
fn huge_bodies_are_answered_with_what_there_is_room_for() {
    on_sqlite(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        let form = client
            .page("/calls/new")
            .form("/calls")
            .set("title", "A small title")
            .set("matrix", "2-2")
            .add("do", "save");
        // The text alone is larger than any form may be.
        let huge = form.clone().set("description", &"x".repeat(5_000_000));
        let page = client.send(&huge);
        assert!(matches!(page.status, 413 | 422), "{}", page.status);
        let page = client.send(&form.clone().file("files", "empty.txt", b""));
        assert!(matches!(page.status, 303 | 422), "{}", page.status);
        let many = (0..60).fold(form.clone(), |f, n| {
            f.file("files", &format!("{n}.txt"), b"x")
        });
        let page = client.send(&many).expect(422);
        assert_eq!(page.form("/calls").value("title"), Some("A small title"));
        // Thousands of fields, a body that is no form, a body that breaks off.
        let fields = (0..5_000).fold(form, |f, n| f.add(&format!("f{n}"), "x"));
        let page = client.send(&fields);
        assert!(page.status < 500, "{}", page.status);
        for (kind, body) in [
            ("application/json", "{}"),
            ("text/plain", "title=x"),
            ("multipart/form-data", "x"),
            (
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nx",
            ),
            (
                "application/x-www-form-urlencoded",
                "%zz=%FF&=&title=%00%C3",
            ),
            ("nonsense", ""),
        ] {
            let own = [("Sec-Fetch-Site", "same-origin")];
            let page = client.raw("POST", "/calls", &own, kind, body.as_bytes());
            assert!((400..500).contains(&page.status), "{kind}: {}", page.status);
        }
        assert_eq!(
            app.count("SELECT count(*) FROM records WHERE title <> 'A small title'"),
            0
        );
    });
}

/// Every field that takes an id, given the id of something else.
#[test]
fn ids_of_other_things_choose_nothing() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let path = app.path(&record);
        let client = app.visit(&desk.agent);
        let wrong: Vec<String> = vec![
            record.id.to_string(),
            uuid::Uuid::nil().to_string(),
            uuid::Uuid::now_v7().to_string(),
            "not-an-id".into(),
            "1".into(),
            "' OR 1=1 --".into(),
        ];
        let others = [
            ("/calls", "person"),
            ("/calls", "service"),
            ("/calls", "category"),
            ("/calls", "team"),
            ("/calls", "recurrence_of"),
            ("fields", "requester"),
            ("fields", "service"),
            ("fields", "category"),
            ("assignment", "team"),
            ("assignment", "assignee"),
            ("watchers", "watcher"),
            ("hold", "for_record"),
            ("links", "link_to"),
        ];
        let before = facts(&app);
        for (action, field) in others {
            // A service where a team is asked for, and so on.
            let mut values = wrong.clone();
            values.push(if field == "service" {
                desk.desk.to_string()
            } else {
                desk.mail.to_string()
            });
            if matches!(field, "team" | "service" | "category") {
                values.push(desk.agent.id.to_string());
            }
            if field == "assignee" {
                // People who cannot work on records.
                values.extend([&desk.requester, &desk.disabled].map(|p| p.id.to_string()));
            }
            for value in &values {
                let key = uuid::Uuid::new_v4().to_string();
                let mut fields = vec![("form_key", key.as_str()), ("seen", "9999"), (field, value)];
                let to = if action == "/calls" {
                    fields.extend([
                        ("title", "x"),
                        ("matrix", "2-2"),
                        ("do", "save"),
                        ("req", ""),
                    ]);
                    action.to_owned()
                } else {
                    fields.extend([("link_type", "related"), ("hold_reason", "change")]);
                    format!("{path}/{action}")
                };
                let answer = client.post(&to, &fields);
                assert!(
                    matches!(answer.status, 404 | 409 | 422),
                    "{action} {field}={value}: {} {}",
                    answer.status,
                    answer.header("location").unwrap_or_default()
                );
            }
        }
        assert_eq!(facts(&app), before, "something was changed");
    });
}

fn facts(app: &App) -> i64 {
    app.count("SELECT count(*) FROM facts")
}

#[test]
fn choices_that_are_none_are_refused() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        let before = facts(&app);
        for (field, value) in [
            ("matrix", "9-9"),
            ("matrix", "0-0"),
            ("matrix", "-1--1"),
            ("matrix", "2"),
            ("channel", "pigeon"),
            ("kind", "shoe"),
            ("kind", "change"),
            ("priority", "99"),
            ("priority", "0"),
            ("reported_at", "9999-99-99T99:99"),
            ("reported_at", "2999-01-01T00:00"),
        ] {
            let answer = post_call(
                &client,
                &[
                    (field, value),
                    (
                        "priority_reason",
                        if field == "priority" { "because" } else { "" },
                    ),
                ],
            );
            assert_eq!(answer.status, 422, "{field}={value}");
        }
        assert_eq!(facts(&app), before);
    });
}
