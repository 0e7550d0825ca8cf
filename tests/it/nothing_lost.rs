//! Nothing typed is lost: a form that comes back comes back with every character and file, whatever
//! was the matter with it.

use std::thread;

use andon::records::Record;
use time::Duration;

use crate::app::{App, Client, Desk, FilledForm, LogCall, Page, each_database};

/// What somebody could have typed: every kind of character a form can carry.
const TEXT: &str = "Ünïcödé 🖨️ \u{202b}مرحبا\u{202c} <b>&amp;</b> \"quotes\" 'n' \\ %41 +\r\n\r\n  indented\ttabbed\r\nlast";
const FILE: &[u8] = b"%PDF-1.7\r\n\x00\xff\xfe not really";

fn incident(app: &App, desk: &Desk) -> (Record, String) {
    let call = LogCall {
        description: "It prints blanks.",
        ..LogCall::incident("The printer in 3.14").from(&desk.requester)
    };
    let record = app.log(&desk.agent, &call);
    let path = app.path(&record);
    (record, path)
}

/// Every field of `sent` is in the form that came back, as it was typed.
#[track_caller]
fn assert_kept(back: &FilledForm, sent: &FilledForm, but: &[&str]) {
    for (name, value) in &sent.fields {
        // A choice that was not made is not sent, and comes back as none.
        if but.contains(&name.as_str()) || value.is_empty() {
            continue;
        }
        let found: Vec<&str> = back
            .fields
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
            .collect();
        assert!(
            found.contains(&value.as_str()),
            "{name} was {value:?} and came back as {found:?}"
        );
    }
}

fn open_call(client: &Client) -> FilledForm {
    client.page("/calls/new").form("/calls")
}

fn filled_call(client: &Client, desk: &Desk) -> FilledForm {
    open_call(client)
        .set("person", &desk.requester.id.to_string())
        .set("title", "The printer prints blanks")
        .set("description", TEXT)
        .set("matrix", "2-1")
        .set("service", &desk.mail.to_string())
        .set("category", &desk.printing.to_string())
        .set("channel", "chat")
        .set("team", &desk.network.to_string())
}

#[test]
fn an_invalid_call_comes_back_with_every_character_and_file() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        let long = "ß".repeat(10_000);
        for (field, wrong) in [
            ("title", ""),
            ("title", long.as_str()),
            ("matrix", ""),
            ("reported_at", "2999-01-01T10:00"),
            ("reported_at", "31.02.2026 <x>"),
            ("priority_reason", "a reason without a priority"),
            ("new_mail", "no address at all"),
            ("resolution_text", "typed, and then saved by another button"),
        ] {
            let sent =
                filled_call(&client, &desk)
                    .set(field, wrong)
                    .file("files", "scän 1.pdf", FILE);
            let records = app.count("SELECT count(*) FROM records");
            let page = client.press(&sent, "do", "save").expect(422);
            assert_eq!(app.count("SELECT count(*) FROM records"), records);
            let back = page.form("/calls");
            assert_kept(&back, &sent, &[]);
            assert!(
                back.value("kept_file").is_some(),
                "{field}: the file is kept"
            );
            page.assert_says("scän 1.pdf");
            // Mended and sent again, it is logged with the file.
            let mended = back
                .set(field, "")
                .set("new_mail", "")
                .set("resolution_text", "")
                .set("matrix", "2-1")
                .set("title", "The printer");
            let done = client.press(&mended, "do", "save");
            let record = client.follow(&done);
            record.assert_says("scän 1.pdf");
            let file = record
                .doc()
                .links()
                .into_iter()
                .find(|l| l.starts_with("/attachments/"))
                .expect("a link to the file");
            assert_eq!(client.page(&file).body, FILE);
        }
    });
}

#[test]
fn an_invalid_reply_comes_back_with_its_file() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let form = client.page(&path).form("/entries");
        // Who will read it was not chosen; then, what was said is too long.
        let long = "é".repeat(100_001);
        for sent in [
            form.clone().set("body", TEXT).without("audience"),
            form.clone().set("body", &long).set("audience", "note"),
        ] {
            let sent = sent.file("files", "a.txt", b"plain");
            let page = client.send(&sent).expect(422);
            let back = page.form("/entries");
            assert_kept(&back, &sent, &["audience"]);
            assert!(back.value("kept_file").is_some());
            if sent.value("audience").is_some() {
                assert_eq!(back.value("audience"), Some("note"), "a note stays a note");
            }
        }
        assert_eq!(app.record(record.id).facts, record.facts);
    });
}

#[test]
fn invalid_verbs_come_back_with_what_was_typed() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let hold = |reason: &str| {
            client
                .page(&format!("{path}/hold"))
                .form("/hold")
                .set("hold_reason", reason)
                .set("supplier", "Acme & Söhne")
                .set("resume_at", "2999-01-01T10:00")
        };
        let resolution = client
            .page(&format!("{path}/resolution"))
            .form("/resolution")
            .set("resolution_text", TEXT);
        let cancellation = client
            .page(&format!("{path}/cancellation"))
            .form("/cancellation")
            .set("cancellation_text", TEXT);
        let tries = [
            (hold("requester").set("supplier_case", "7 ü"), "/hold"),
            (hold("supplier").set("question", TEXT), "/hold"),
            (hold("change").set("for_record", "CHG-999"), "/hold"),
            (hold("problem").set("for_record", "no number"), "/hold"),
            (hold("other").set("resume_at", "2001-01-01T10:00"), "/hold"),
            (resolution, "/resolution"),
            (cancellation, "/cancellation"),
        ];
        for (sent, action) in tries {
            let page = client.send(&sent).expect(422);
            assert_kept(&page.form(action), &sent, &[]);
            assert_eq!(app.record(record.id).facts, record.facts, "{action}");
        }
        // A hold on the requester without a question, to the letter of the issue.
        let sent = hold("requester").set("supplier_case", TEXT.lines().next().unwrap());
        let page = client.send(&sent).expect(422);
        assert_kept(&page.form("/hold"), &sent, &[]);
        assert_eq!(app.record(record.id).state, "new");
    });
}

#[test]
fn a_refused_verb_comes_back_with_what_was_typed() {
    each_database(|app| {
        let desk = app.desk();
        let (_, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let colleague = app.visit(&desk.colleague);
        let form = |c: &Client| {
            c.page(&format!("{path}/resolution"))
                .form("/resolution")
                .set("resolution_code", "fixed")
        };
        let mine = form(&client).set("resolution_text", TEXT);
        colleague
            .send(&form(&colleague).set("resolution_text", "I was faster"))
            .expect(303);
        let page = client.send(&mine).expect(409);
        assert_kept(&page.form("/resolution"), &mine, &[]);
    });
}

fn edit(client: &Client, path: &str, what: &str) -> FilledForm {
    client.page(&format!("{path}?edit={what}")).form("/fields")
}

#[test]
fn the_same_field_gives_a_choice_and_no_silent_overwrite() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let (client, colleague) = (app.visit(&desk.agent), app.visit(&desk.colleague));
        for (keep, title) in [
            ("mine", "Mine: no paper"),
            ("theirs", "Theirs: no toner mine"),
        ] {
            let mine = edit(&client, &path, "title").set("title", "Mine: no paper");
            let theirs = format!("Theirs: no toner {keep}");
            let form = edit(&colleague, &path, "title").set("title", &theirs);
            colleague.send(&form).expect(303);
            let page = client.send(&mine).expect(409);
            // Both values, and whose the other one is.
            page.assert_says("Mine: no paper");
            page.assert_says(&theirs);
            page.assert_says(&desk.colleague.name);
            assert_eq!(app.record(record.id).title, theirs);
            let choice = page.form("/fields").set("keep-title", keep);
            client.send(&choice).expect(303);
            let title = if keep == "mine" { title } else { &theirs };
            assert_eq!(app.record(record.id).title, title);
        }
        // And a third time somebody changed it between the choice and its sending.
        let mine = edit(&client, &path, "title").set("title", "Mine again");
        let form = edit(&colleague, &path, "title").set("title", "Theirs again");
        colleague.send(&form).expect(303);
        let choice = client
            .send(&mine)
            .expect(409)
            .form("/fields")
            .set("keep-title", "mine");
        let form = edit(&colleague, &path, "description").set("description", "Meanwhile");
        colleague.send(&form).expect(303);
        client.send(&choice).expect(303);
        let now = app.record(record.id);
        assert_eq!(
            (now.title.as_str(), now.description.as_str()),
            ("Mine again", "Meanwhile")
        );
    });
}

#[test]
fn different_fields_do_not_collide() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let (client, colleague) = (app.visit(&desk.agent), app.visit(&desk.colleague));
        let mine = edit(&client, &path, "title").set("title", "Another title");
        let theirs = edit(&colleague, &path, "description").set("description", TEXT);
        colleague.send(&theirs).expect(303);
        let done = client.send(&mine);
        let now = app.record(record.id);
        assert_eq!(now.title, "Another title");
        assert_eq!(now.description, TEXT.replace("\r\n", "\n"));
        // That somebody else changed something meanwhile is said.
        client.follow(&done).assert_says(&desk.colleague.name);
    });
}

#[test]
fn two_assignments_at_once_give_a_choice() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let (client, colleague) = (app.visit(&desk.agent), app.visit(&desk.colleague));
        let panel = |c: &Client| {
            c.page(&format!("{path}?edit=assignment"))
                .form_with("/assignment", "team")
        };
        let mine = panel(&client).set("assignee", &desk.agent.id.to_string());
        let theirs = panel(&colleague).set("assignee", &desk.colleague.id.to_string());
        colleague.send(&theirs).expect(303);
        let page = client.send(&mine).expect(409);
        page.assert_says(&desk.colleague.name);
        assert_eq!(app.record(record.id).assignee_id, Some(desk.colleague.id));
        let choice = page.form("/assignment").set("keep-assignee", "mine");
        client.send(&choice).expect(303);
        assert_eq!(app.record(record.id).assignee_id, Some(desk.agent.id));
    });
}

#[test]
fn news_is_shown_before_a_reply_is_sent() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let (client, colleague) = (app.visit(&desk.agent), app.visit(&desk.colleague));
        let mine = client
            .page(&path)
            .form("/entries")
            .set("body", TEXT)
            .set("audience", "note")
            .file("files", "mine.txt", b"mine");
        let theirs = colleague
            .page(&path)
            .form("/entries")
            .set("body", "Stop, it is the power supply")
            .set("audience", "public");
        colleague.send(&theirs).expect(303);
        let page = client.send(&mine).expect(409);
        page.assert_says("Stop, it is the power supply");
        let back = page.form("/entries");
        assert_kept(&back, &mine, &["seen"]);
        assert!(back.value("kept_file").is_some());
        assert_eq!(app.count("SELECT count(*) FROM entries"), 1);
        // Sent all the same, with its file.
        let done = client.send(&back);
        client.follow(&done).assert_says("mine.txt");
        assert_eq!(app.count("SELECT count(*) FROM entries"), 2);
        assert_eq!(app.count("SELECT count(*) FROM attachments"), 1);
        assert_ne!(app.record(record.id).facts, record.facts);
    });
}

#[test]
fn ones_own_tabs_are_no_news() {
    each_database(|app| {
        let desk = app.desk();
        let (record, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let tabs: Vec<FilledForm> = (0..3)
            .map(|_| client.page(&path).form("/entries"))
            .collect();
        let titles = edit(&client, &path, "title");
        for (n, tab) in tabs.into_iter().enumerate() {
            let sent = tab
                .set("body", &format!("From tab {n}"))
                .set("audience", "note");
            client.send(&sent).expect(303);
        }
        client
            .send(&titles.set("title", "From a fourth"))
            .expect(303);
        assert_eq!(app.count("SELECT count(*) FROM entries"), 3);
        assert_eq!(app.record(record.id).title, "From a fourth");
    });
}

#[test]
fn a_form_posted_twice_makes_one_thing() {
    each_database(|app| {
        let desk = app.desk();
        let (_, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let before = app.count("SELECT count(*) FROM records");
        let call = filled_call(&client, &desk)
            .file("files", "a.txt", b"a")
            .add("do", "save");
        let first = client.send(&call).location().to_owned();
        for _ in 0..3 {
            assert_eq!(client.send(&call).location(), first);
        }
        assert_eq!(app.count("SELECT count(*) FROM records"), before + 1);
        let reply = client
            .page(&path)
            .form("/entries")
            .set("body", "once")
            .set("audience", "public");
        client.send(&reply).expect(303);
        client.send(&reply).expect(303);
        assert_eq!(app.count("SELECT count(*) FROM entries"), 1);
        // Changed text under the same key is the same form: pressed twice, typed on in between.
        client.send(&reply.set("body", "twice")).expect(303);
        assert_eq!(app.count("SELECT count(*) FROM entries"), 1);
    });
}

#[test]
fn a_form_posted_twice_at_once_makes_one_thing() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        let before = app.count("SELECT count(*) FROM records");
        let call = filled_call(&client, &desk).add("do", "save");
        let answers: Vec<String> = thread::scope(|scope| {
            let posts: Vec<_> = (0..6)
                .map(|_| scope.spawn(|| client.clone().send(&call).location().to_owned()))
                .collect();
            posts.into_iter().map(|p| p.join().unwrap()).collect()
        });
        assert!(answers.iter().all(|a| *a == answers[0]), "{answers:?}");
        assert_eq!(app.count("SELECT count(*) FROM records"), before + 1);
    });
}

/// Somebody else's key tells nothing and breaks nothing.
#[test]
fn the_key_of_a_form_is_its_persons() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        let call = filled_call(&client, &desk).add("do", "save");
        let first = client.send(&call).location().to_owned();
        let stranger = app.visit(&desk.colleague);
        let answer = stranger.send(&call);
        assert!(answer.header("location") != Some(&first), "{answer:?}");
        assert_eq!(answer.status, 303, "a form of their own");
    });
}

fn parked(app: &App) -> i64 {
    app.count("SELECT count(*) FROM parked_forms")
}

fn back_again(app: &App, client: &Client, person: &crate::app::Human) -> Page {
    app.set_password(person, "quiet otters paint 7 fences");
    let form = client
        .page("/login?parked=1&next=%2Fparked")
        .form("/login")
        .set("mail", &person.mail)
        .set("password", "quiet otters paint 7 fences");
    client.send(&form)
}

#[test]
fn a_post_on_an_ended_session_waits_for_its_person() {
    each_database(|app| {
        let desk = app.desk();
        let (_, path) = incident(&app, &desk);
        let client = app.visit(&desk.agent);
        let mine = client
            .page(&path)
            .form("/entries")
            .set("body", TEXT)
            .set("audience", "note")
            .file("files", "log.txt", b"the log");
        app.travel(Duration::hours(2));
        let answer = client.send(&mine);
        assert_eq!(answer.location(), "/login?parked=1&next=%2Fparked");
        assert_eq!(parked(&app), 1);
        assert_eq!(app.count("SELECT count(*) FROM entries"), 0);
        // On the same machine somebody else signs in: there is nothing for them.
        let other = app.visit(&desk.colleague);
        assert!(!other.page("/parked").text().contains("Ünïcödé"));
        // For its person it is the first thing there is.
        assert_eq!(back_again(&app, &client, &desk.agent).location(), "/parked");
        let page = client.page("/parked");
        page.assert_says("Ünïcödé");
        page.assert_says("log.txt");
        let shown = client.send(&page.form("/entries")).expect(200);
        let back = shown.form("/entries");
        assert_kept(&back, &mine, &["seen"]);
        assert_eq!(back.value("audience"), Some("note"));
        shown.assert_says("log.txt");
        let done = client.send(&back);
        client.follow(&done).assert_says("log.txt");
        assert_eq!(
            app.count("SELECT count(*) FROM entries WHERE audience = 'internal'"),
            1
        );
        assert_eq!(parked(&app), 0, "what was sent is not parked any more");
    });
}

#[test]
fn a_parked_form_is_kept_for_a_day_and_for_its_person() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        let call = filled_call(&client, &desk).add("do", "save");
        app.travel(Duration::hours(2));
        client.send(&call).expect(303);
        client.send(&call).expect(303);
        assert!(parked(&app) >= 1);
        app.travel(Duration::hours(23));
        app.work();
        let again = app.visit(&desk.agent);
        again
            .page("/parked")
            .assert_says("The printer prints blanks");
        // Another person can neither see nor discard it.
        let id = app
            .database
            .lines(match app.backend() {
                andon::platform::db::Backend::Sqlite => {
                    "SELECT lower(hex(id)) AS line FROM parked_forms"
                }
                andon::platform::db::Backend::Postgres => {
                    "SELECT replace(id::text, '-', '') AS line FROM parked_forms"
                }
            })
            .remove(0);
        let stranger = app.visit(&desk.colleague);
        let form = stranger.page("/preferences").form("/preferences");
        let key = form.value("form_key").unwrap();
        let before = parked(&app);
        stranger.post(&format!("/parked/{id}/discard"), &[("form_key", key)]);
        assert_eq!(parked(&app), before);
        app.travel(Duration::minutes(61));
        let late = app.visit(&desk.agent);
        assert!(
            !late
                .page("/parked")
                .text()
                .contains("The printer prints blanks")
        );
        app.travel(Duration::hours(1));
        app.work();
        assert_eq!(parked(&app), 0);
    });
}

#[test]
fn a_parked_form_can_be_thrown_away() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.agent);
        let call = filled_call(&client, &desk).add("do", "save");
        app.travel(Duration::hours(2));
        client.send(&call).expect(303);
        let again = app.visit(&desk.agent);
        let form = again.page("/parked").form("/discard");
        again.send(&form).expect(303);
        assert_eq!(parked(&app), 0);
    });
}

/// A stranger, or somebody who was disabled, parks nothing; a password is never kept.
#[test]
fn not_everything_is_parked() {
    each_database(|app| {
        let desk = app.desk();
        let key = uuid::Uuid::new_v4().to_string();
        let post = |client: &Client| client.post("/calls", &[("form_key", &key), ("title", "x")]);
        let stranger = app.anonymous();
        assert_eq!(post(&stranger).location(), "/login");
        stranger.set_cookie("andon", "nonsense");
        assert_eq!(post(&stranger).location(), "/login");
        let gone = app.visit(&desk.disabled);
        assert_eq!(post(&gone).location(), "/login");
        assert_eq!(parked(&app), 0);

        let client = app.visit(&desk.agent);
        let form = client
            .page("/preferences")
            .form("/preferences/password")
            .set("old_password", "S3cret-old")
            .set("password", "S3cret-new")
            .set("password_again", "S3cret-new");
        app.travel(Duration::hours(2));
        client.send(&form).expect(303);
        let held = app.database.lines("SELECT body AS line FROM parked_forms");
        assert!(held.iter().all(|body| !body.contains("S3cret")), "{held:?}");
    });
}
