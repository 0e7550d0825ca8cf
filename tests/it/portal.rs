//! Requesters and their own records: reading, answering, confirming, re-opening, withdrawing, coming
//! back; public parts only, in plain words.

use andon::follow::practice_of;
use andon::records::actions::{self, Contact, Edit, HoldCommand, Resolve, Say};
use andon::records::{Channel, Kind, Record};

use crate::app::{App, Client, Desk, Human, LogCall, Page, each_database};
use crate::library::{CANARY, library};
use crate::life_cycle::record_in;

const SENTENCE: &str = "quiet otters paint 7 fences";

fn sign_in(app: &App, person: &Human) -> Client {
    app.set_password(person, SENTENCE);
    let client = app.anonymous();
    let fields = [("mail", person.mail.as_str()), ("password", SENTENCE)];
    let page = client.post("/login", &fields);
    assert_eq!(page.header("location"), Some("/"));
    client
}

fn form(client: &Client, record: &Record, action: &str) -> crate::app::FilledForm {
    client.page(&record.number().portal_path()).form(action)
}

#[track_caller]
fn done(page: &Page) {
    assert_eq!(page.status, 303, "{}", page.text());
}

fn say(body: &str) -> Say {
    Say {
        anyway: true,
        body: body.into(),
        ..Say::default()
    }
}

fn ask_requester(app: &App, desk: &Desk, record: &Record) {
    let command = HoldCommand {
        reason: "requester".into(),
        question: "Which printer is it?".into(),
        ..HoldCommand::default()
    };
    app.act(&desk.agent, |w, v, ctx| {
        actions::hold(
            w,
            v,
            ctx,
            practice_of(record.kind),
            record.number(),
            &command,
        )
    })
    .unwrap();
}

#[test]
fn signing_in_leads_to_ones_own_records_open_ones_first() {
    each_database(|app| {
        let desk = app.desk();
        for n in 0..40 {
            app.log(
                &desk.agent,
                &LogCall::incident(&format!("Open {n}")).from(&desk.requester),
            );
        }
        record_in(&app, &desk, Kind::Incident, "closed");
        record_in(&app, &desk, Kind::Request, "rejected");
        app.log(
            &desk.agent,
            &LogCall::incident("Not theirs").from(&desk.other),
        );
        let client = sign_in(&app, &desk.requester);
        assert_eq!(client.get("/").header("location"), Some("/portal"));
        let (mut rows, mut path) = (Vec::new(), "/portal".to_owned());
        loop {
            let page = client.page(&path);
            assert!(!page.text().contains("Not theirs"));
            let links = page.doc().links();
            rows.extend(links.iter().filter(|l| l.starts_with("/portal/")).cloned());
            match links.iter().find(|l| l.starts_with("/portal?after=")) {
                Some(next) => path = next.clone(),
                None => break,
            }
        }
        assert_eq!(rows.len(), 42, "{rows:#?}");
        let mut once = rows.clone();
        once.sort();
        once.dedup();
        assert_eq!(once.len(), 42);
        assert!(rows[..40].iter().all(|r| r.starts_with("/portal/INC-")));
        assert_eq!(rows[41], "/portal/INC-41".to_owned(), "{:?}", &rows[39..]);
        // What is no key shows the beginning.
        for key in ["x", "open.1", "ended.x.y"] {
            assert!(
                client
                    .page(&format!("/portal?after={key}"))
                    .text()
                    .contains("Open 39")
            );
        }
        // Nobody is told of the desk's words.
        let text = client.page("/portal").text().to_lowercase();
        for word in [
            "in progress",
            "assigned",
            "incident",
            "resolved",
            "priority",
            "queue",
        ] {
            assert!(!text.contains(word), "{word}: {text}");
        }
    });
}

#[test]
fn a_requester_reads_what_is_public_and_nothing_else() {
    each_database(|app| {
        let desk = app.desk();
        let library = library(&app, &desk);
        for person in [&desk.requester, &desk.watcher] {
            let client = app.visit(person);
            let page = client.page(&library.record.number().portal_path());
            let text = page.text();
            assert!(text.contains("We are looking at it.") && text.contains("screen.txt"));
            assert!(!page.html().contains(CANARY), "{text}");
            assert_eq!(
                client
                    .get(&format!("/attachments/{}", library.public_file))
                    .status,
                200
            );
            assert_eq!(
                client
                    .get(&format!("/attachments/{}", library.internal_file))
                    .status,
                404
            );
            // The desk's address leads to theirs, and so does a search.
            let page = client.get(&library.path);
            assert_eq!(
                page.header("location"),
                Some(&*library.record.number().portal_path())
            );
            let found = client.page("/search?q=incident");
            assert!(
                found
                    .doc()
                    .links()
                    .contains(&library.record.number().portal_path())
            );
        }
        // Also somebody who works has their own there, and only those.
        let agent = app.visit(&desk.agent);
        assert_eq!(
            agent.get(&library.record.number().portal_path()).status,
            404
        );
    });
}

#[test]
fn an_answer_ends_the_wait_for_the_requester() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        ask_requester(&app, &desk, &record);
        // Who only follows may speak; that is not the answer.
        let watcher = app.visit(&desk.watcher);
        let page = watcher.page(&record.number().portal_path());
        assert!(
            page.text().contains("Waiting for an answer") && !page.text().contains("Our question")
        );
        done(&watcher.send(&page.form("/replies").set("body", "I have it too.")));
        assert_eq!(app.record(record.id).state, "waiting");
        let client = app.visit(&desk.requester);
        let page = client.page(&record.number().portal_path());
        let text = page.text();
        assert!(text.contains("We are waiting for you") && text.contains("Which printer is it?"));
        // Nothing typed is lost, and nothing is sent, while it is empty.
        assert_eq!(client.send(&page.form("/replies")).status, 422);
        let answer = page.form("/replies").set("body", "The one in 3.14").file(
            "files",
            "label.txt",
            b"what the label says",
        );
        done(&client.send(&answer));
        let after = app.record(record.id);
        assert_eq!(after.state, "in_progress");
        assert_eq!(
            app.count("SELECT count(*) FROM holds WHERE ended_at IS NULL"),
            0
        );
        let desk_page = app.visit(&desk.agent).page(&app.path(&record)).text();
        assert!(desk_page.contains("The one in 3.14") && desk_page.contains("label.txt"));
        // Sent twice is sent once.
        done(&client.send(&answer));
        assert_eq!(app.count("SELECT count(*) FROM entries"), 3);
    });
}

#[test]
fn somebody_wrote_meanwhile_is_said_only_of_what_may_be_read() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let client = app.visit(&desk.requester);
        let before = form(&client, &record, "/replies").set("body", "Any news?");
        app.act(&desk.agent, |w, v, ctx| {
            actions::note(w, v, ctx, record.number(), &say(CANARY))
        })
        .unwrap();
        done(&client.send(&before));
        let before = form(&client, &record, "/replies").set("body", "Still nothing?");
        app.act(&desk.agent, |w, v, ctx| {
            actions::reply(w, v, ctx, record.number(), &say("It is on the way."))
        })
        .unwrap();
        let back = client.send(&before);
        assert_eq!(back.status, 409);
        assert!(back.text().contains("It is on the way.") && !back.html().contains(CANARY));
        let again = back.form("/replies");
        assert_eq!(again.value("body"), Some("Still nothing?"));
        done(&client.send(&again));
    });
}

#[test]
fn it_works_and_it_does_not() {
    each_database(|app| {
        let desk = app.desk();
        for (kind, state, back) in [
            (Kind::Incident, "resolved", "in_progress"),
            (Kind::Request, "fulfilled", "in_fulfilment"),
        ] {
            let client = app.visit(&desk.requester);
            let record = record_in(&app, &desk, kind, state);
            let page = client.page(&record.number().portal_path());
            assert!(
                page.text().contains("Done. Please check"),
                "{}",
                page.text()
            );
            assert_eq!(client.send(&page.form("/reopening")).status, 422);
            done(&client.send(&page.form("/reopening").set("reopen_why", "Still the same")));
            let after = app.record(record.id);
            assert_eq!((after.state.as_str(), after.reopens), (back, 1));
            let record = record_in(&app, &desk, kind, state);
            let watcher = app.visit(&desk.watcher);
            let page = watcher.page(&record.number().portal_path());
            let forms: Vec<String> = page.forms().into_iter().map(|f| f.action).collect();
            assert!(
                forms.iter().all(|a| !a.ends_with("/confirmation")),
                "{forms:?}"
            );
            let key = uuid::Uuid::new_v4().to_string();
            let path = format!("{}/confirmation", record.number().portal_path());
            assert_eq!(watcher.post(&path, &[("form_key", &key)]).status, 403);
            done(&client.send(&form(&client, &record, "/confirmation")));
            assert_eq!(app.record(record.id).state, "closed");
        }
    });
}

#[test]
fn what_is_not_needed_any_more_is_withdrawn() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.requester);
        for kind in [Kind::Incident, Kind::Request] {
            let record = record_in(&app, &desk, kind, "new");
            let ask = form(&client, &record, "/cancellation");
            done(&client.send(&ask.set("cancellation_text", "Found it")));
            assert_eq!(app.record(record.id).state, "cancelled");
        }
        let codes = app
            .database
            .lines("SELECT DISTINCT code AS line FROM resolutions");
        assert_eq!(codes, ["withdrawn"]);
        // No other code is theirs, whatever door they come by.
        let record = record_in(&app, &desk, Kind::Incident, "new");
        let duplicate = Resolve {
            code: "duplicate".into(),
            text: String::new(),
        };
        let tried = app.would(&desk.requester, |w, v, ctx| {
            actions::cancel(
                w,
                v,
                ctx,
                practice_of(record.kind),
                record.number(),
                &duplicate,
            )
        });
        assert!(matches!(
            tried,
            Err(andon::platform::kernel::error::Error::Forbidden(_))
        ));
        // A change is the desk's.
        let change = record_in(&app, &desk, Kind::Change, "draft");
        let page = client.page(&change.number().portal_path());
        assert!(
            page.forms()
                .iter()
                .all(|f| !f.action.ends_with("/cancellation"))
        );
    });
}

#[test]
fn what_comes_back_too_late_is_a_record_of_its_own() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.requester);
        let record = record_in(&app, &desk, Kind::Incident, "resolved");
        let late = form(&client, &record, "/reopening").set("reopen_why", "Back again");
        app.travel(time::Duration::days(6));
        let client = app.visit(&desk.requester);
        assert_eq!(client.send(&late).status, 409);
        let page = client.page(&record.number().portal_path());
        assert!(
            page.forms()
                .iter()
                .all(|f| !f.action.ends_with("/reopening"))
        );
        assert_eq!(client.send(&page.form("/recurrence")).status, 422);
        let answer = client.send(&page.form("/recurrence").set("what", "Paper jams again"));
        done(&answer);
        let path = answer.header("location").unwrap().to_owned();
        let text = client.page(&path).text();
        assert!(
            text.contains("Paper jams again") && text.contains("We have it"),
            "{text}"
        );
        let kinds = app.database.lines("SELECT link_type AS line FROM links");
        assert_eq!(kinds, ["recurrence_of"]);
        let channel = app
            .database
            .lines("SELECT channel AS line FROM records ORDER BY number DESC LIMIT 1");
        assert_eq!(channel, ["portal"]);
        // Only of one's own, and not of what was never solved.
        let other = app.visit(&desk.watcher);
        let key = uuid::Uuid::new_v4().to_string();
        let path = format!("{}/recurrence", record.number().portal_path());
        let tried = other.post(&path, &[("form_key", &key), ("what", "Mine too")]);
        assert_eq!(tried.status, 409);
    });
}

/// Twelve people called about one outage: each reads what is public of it, and of what the others told
/// the desk nothing; what they write is theirs and the desk's.
#[test]
fn who_is_affected_reads_what_is_public_and_writes_to_the_desk_alone() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let number = record.number();
        let contact = |who: &Human, text: &str| Contact {
            from: who.id,
            channel: Channel::Phone,
            text: text.into(),
            chaser: None,
            affected: true,
            reopen: false,
            files: Vec::new(),
        };
        app.act(&desk.agent, |w, v, ctx| {
            let practice = practice_of(record.kind);
            let said = contact(&desk.other, "My xylophone is broken");
            actions::contact(w, v, ctx, practice, number, &said)?;
            let said = contact(&desk.approver, "My bassoon is broken");
            actions::contact(w, v, ctx, practice, number, &said)
        })
        .unwrap();
        let path = number.portal_path();
        let other = app.visit(&desk.other);
        assert!(other.page("/portal").doc().links().contains(&path));
        let page = other.page(&path);
        let text = page.text();
        for shown in [
            "My xylophone is broken",
            "Only you and the service desk",
            "For Rita Reyes",
        ] {
            assert!(text.contains(shown), "{shown}: {text}");
        }
        assert!(!text.contains("bassoon") && !text.contains("Apu"), "{text}");
        // What they write and send is for the desk, and asks what became of it.
        assert_eq!(other.send(&page.form("/replies")).status, 422);
        let more = page.form("/replies").set("body", "And the trombone");
        done(&other.send(&more.file("files", "trombone.txt", b"a photograph")));
        let files = |page: &Page| -> Vec<String> {
            let links = page.doc().links();
            links
                .into_iter()
                .filter(|l| l.starts_with("/attachments/"))
                .collect()
        };
        let own = files(&other.page(&path));
        assert_eq!(own.len(), 1);
        assert!(other.page(&path).text().contains("And the trombone"));
        assert_eq!(other.get(&own[0]).status, 200);
        for person in [&desk.requester, &desk.watcher, &desk.approver] {
            let client = app.visit(person);
            let seen = client.page(&path);
            assert!(!seen.text().contains("trombone"), "{}", person.name);
            assert!(!seen.text().contains("xylophone"), "{}", person.name);
            assert!(files(&seen).is_empty(), "{}", person.name);
            assert_eq!(client.get(&own[0]).status, 404, "{}", person.name);
            for word in ["trombone", "xylophone", "omar"] {
                let found = client.page(&format!("/search?q={word}"));
                assert!(
                    !found.doc().links().contains(&path),
                    "{}: {word}",
                    person.name
                );
            }
        }
        let agent = app.visit(&desk.agent);
        let shown = agent.page(&app.path(&record));
        assert!(
            shown.text().contains("And the trombone"),
            "{}",
            shown.text()
        );
        assert!(shown.text().contains("Chased once"), "{}", shown.text());
        assert_eq!(agent.get(&own[0]).status, 200);
        // The requester is told that others read it; those read it.
        let requester = app.visit(&desk.requester);
        let page = requester.page(&path);
        assert!(
            page.text()
                .contains("Others whom this affects read it too.")
        );
        done(&requester.send(&page.form("/replies").set("body", "Since Monday")));
        assert!(other.page(&path).text().contains("Since Monday"));
        // It is the requester's to confirm, to re-open, to withdraw.
        let key = uuid::Uuid::new_v4().to_string();
        let withdraw = [("form_key", key.as_str()), ("cancellation_text", "x")];
        assert_eq!(
            other
                .post(&format!("{path}/cancellation"), &withdraw)
                .status,
            403
        );
        let aloud = app.would(&desk.other, |w, v, ctx| {
            actions::reply(w, v, ctx, number, &say("To everybody"))
        });
        assert!(aloud.is_err());
        // Not affected after all, they do not see it any more.
        app.act(&desk.agent, |w, v, ctx| {
            actions::remove_affected(w, v, ctx, number, desk.other.id)
        })
        .unwrap();
        assert_eq!(other.get(&path).status, 404);
        assert_eq!(other.get(&own[0]).status, 404);
    });
}

/// Who called for the requester answers for them, also in writing.
#[test]
fn the_callers_answer_ends_the_wait() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let edit = Edit {
            overwrite: true,
            caller: Some(Some(desk.other.id)),
            ..Edit::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::edit(w, v, ctx, record.number(), &edit)
        })
        .unwrap();
        ask_requester(&app, &desk, &record);
        let caller = app.visit(&desk.other);
        let page = caller.page(&record.number().portal_path());
        assert!(
            page.text().contains("Which printer is it?"),
            "{}",
            page.text()
        );
        done(&caller.send(&page.form("/replies").set("body", "The one in 3.14")));
        assert_eq!(app.record(record.id).state, "in_progress");
        let requester = app.visit(&desk.requester);
        let page = requester.page(&record.number().portal_path());
        assert!(!page.text().contains("The one in 3.14"), "{}", page.text());
    });
}
