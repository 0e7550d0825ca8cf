//! Twelve callers, one outage: contacts, callers and affected people, and what each may see and end.

use andon::entries;
use andon::follow::practice_of;
use andon::people::Roles;
use andon::platform::db::Id;
use andon::platform::kernel::error::{Error, Result};
use andon::records::actions::{self, Contact, HoldCommand, Received, Resolve, Say};
use andon::records::{self, Channel, Kind, Record};

use crate::app::{App, Desk, FilledForm, Human, LogCall, each_database, each_database_with};
use crate::life_cycle::record_in;

fn from(person: &Human, text: &str) -> Contact {
    Contact {
        from: person.id,
        channel: Channel::Phone,
        text: text.into(),
        chaser: None,
        affected: true,
        reopen: false,
        files: Vec::new(),
    }
}

fn touch(app: &App, desk: &Desk, record: &Record, contact: &Contact) -> Result<Received> {
    app.act(&desk.agent, |w, v, ctx| {
        let practice = practice_of(record.kind);
        actions::contact(w, v, ctx, practice, record.number(), contact)
    })
}

fn facts(app: &App, record: &Record) -> Vec<String> {
    let _ = record;
    app.database
        .lines("SELECT name AS line FROM facts WHERE subject_kind = 'record' ORDER BY seq")
}

fn verified(app: &App) {
    let mut lines = Vec::new();
    let mut line = |line: &str| lines.push(line.to_owned());
    andon::app::verify::run(&app.site.store, &[], &mut line).unwrap();
    // What a test is set up with has no facts.
    let set_up = ["person ", "team ", "service ", "category ", "setting "];
    lines.retain(|line| !set_up.iter().any(|what| line.starts_with(what)));
    assert_eq!(lines, Vec::<String>::new());
}

fn waiting_for_requester(app: &App, desk: &Desk) -> Record {
    let record = record_in(app, desk, Kind::Incident, "in_progress");
    let command = HoldCommand {
        reason: "requester".into(),
        question: "Which floor?".into(),
        ..HoldCommand::default()
    };
    app.act(&desk.agent, |w, v, ctx| {
        let practice = practice_of(Kind::Incident);
        actions::hold(w, v, ctx, practice, record.number(), &command)
    })
    .unwrap()
}

#[test]
fn twelve_callers_are_one_record_and_twelve_affected() {
    each_database(|app| {
        let desk = app.desk();
        let record = app.log(
            &desk.agent,
            &LogCall::incident("Card readers decline everything").from(&desk.requester),
        );
        for n in 1..=12 {
            let caller = app.human(&format!("Karl Caller{n}"), Roles::NONE);
            let said = touch(&app, &desk, &record, &from(&caller, "Ours too")).unwrap();
            assert_eq!((said.counts.affected, said.counts.contacts), (n, n));
            assert_eq!(said.counts.chased, 0, "somebody new does not chase");
        }
        assert_eq!(app.count("SELECT count(*) FROM records"), 1);
        // The same person again: no second row, and the contact counts.
        let again = app
            .database
            .lines("SELECT cast(author_name AS text) AS line FROM entries ORDER BY at, id LIMIT 1");
        assert_eq!(again, ["Karl Caller1"]);
        let first = app.read(|r| andon::people::search_people(r, "caller1", 20));
        let first = first
            .into_iter()
            .find(|p| p.name == "Karl Caller1")
            .unwrap();
        let first = Human {
            id: first.id,
            name: first.name,
            mail: first.mail,
        };
        let said = touch(&app, &desk, &record, &from(&first, "And now?")).unwrap();
        assert_eq!((said.counts.affected, said.counts.contacts), (12, 13));
        assert_eq!(said.counts.chased, 1);
        // The seventh is found by name: in the search, and where calls are logged.
        let agent = app.visit(&desk.agent);
        let found = agent.page("/search?q=karl+caller7");
        assert!(found.text().contains("INC-1"), "{}", found.text());
        let seventh = app.read(|r| andon::people::search_people(r, "caller7", 1));
        let seen = agent.page(&format!("/calls/new/seen?person={}", seventh[0].id));
        assert!(seen.html().contains("INC-1"), "{}", seen.html());
        let people = agent.page("/calls/new/people?q=caller7");
        assert!(people.html().contains("1 open record"), "{}", people.html());
        // Page, queue and export say how many.
        let page = agent.page("/incidents/INC-1").text();
        assert!(
            page.contains("Chased once") && page.contains("13 contacts"),
            "{page}"
        );
        let queue = agent.page("/queue?view=open").text();
        assert!(
            queue.contains("12 affected") && queue.contains("Chased once"),
            "{queue}"
        );
        let csv = agent.page("/queue.csv?view=open").html();
        assert!(
            csv.contains(",affected,contacts,chased,former_numbers,"),
            "{csv}"
        );
        assert!(csv.contains(",12,13,1,"), "{csv}");
        // Removed, somebody is found by that name no longer; what they said stays.
        app.act(&desk.agent, |w, v, ctx| {
            actions::remove_affected(w, v, ctx, record.number(), seventh[0].id)
        })
        .unwrap();
        let found = agent.page("/search?q=karl+caller7");
        assert!(!found.text().contains("INC-1"), "{}", found.text());
        let found = agent.page("/search?q=karl+caller8");
        assert!(found.text().contains("INC-1"), "{}", found.text());
        names_stay_beside_another_title(&app, &desk, &record);
        assert_eq!(app.count("SELECT count(*) FROM entries"), 13);
        let history = agent.page("/incidents/INC-1?tab=history").text();
        assert!(history.contains("Affected person removed"), "{history}");
        assert!(history.contains("Contact"), "{history}");
        verified(&app);
    });
}

/// The names of who is involved stand beside the title in the index: another title leaves them there,
/// and a restore gives the index the same again.
fn names_stay_beside_another_title(app: &App, desk: &Desk, record: &Record) {
    let agent = app.visit(&desk.agent);
    let edit = actions::Edit {
        overwrite: true,
        title: Some("Payment terminals decline everything".into()),
        ..actions::Edit::default()
    };
    app.act(&desk.agent, |w, v, ctx| {
        actions::edit(w, v, ctx, record.number(), &edit)
    })
    .unwrap();
    for (words, finds) in [
        ("karl+caller8", true),
        ("payment+terminals", true),
        ("card+readers", false),
    ] {
        let found = agent.page(&format!("/search?q={words}")).text();
        assert_eq!(found.contains("INC-1"), finds, "{words}: {found}");
    }
    let own = |internal| andon::search::Indexed {
        record: record.id,
        entry: None,
        internal,
    };
    let of = [own(true), own(false), own(true)];
    let texts = app.read(|r| andon::search::indexed_texts(r, &of));
    let names = format!("{} {}", texts[0], texts[2]);
    assert_eq!(names.matches("caller").count(), 11, "{texts:?}");
    assert_eq!(names.matches("caller8").count(), 1, "{texts:?}");
    assert!(!names.contains("caller7"), "{texts:?}");
    assert!(texts[1].contains("terminals") && !texts[1].contains("caller"));
    assert!(!texts[0].is_empty() && !texts[2].is_empty(), "{texts:?}");
}

#[test]
fn the_requesters_contact_ends_the_hold_at_that_minute_and_an_affected_persons_does_not() {
    each_database(|app| {
        let desk = app.desk();
        let record = waiting_for_requester(&app, &desk);
        app.travel(time::Duration::minutes(30));
        let said = touch(&app, &desk, &record, &from(&desk.other, "Me too")).unwrap();
        assert!(!said.ends_hold);
        assert_eq!(app.record(record.id).state, "waiting");
        app.travel(time::Duration::minutes(30));
        let said = touch(&app, &desk, &record, &from(&desk.requester, "The third")).unwrap();
        assert!(said.ends_hold && said.counts.chased == 0);
        assert_eq!(app.record(record.id).state, "in_progress");
        let minutes = "SELECT count(*) FROM holds h JOIN entries e ON e.record_id = h.record_id \
                       WHERE e.body = 'The third' AND h.ended_at = e.at";
        assert_eq!(app.count(minutes), 1, "the hold ends at that minute");
        let names = facts(&app, &record);
        let tail = &names[names.len() - 2..];
        assert_eq!(tail, ["incident.contact_received", "incident.resumed"]);
        // The same caller chases, twice.
        for n in 1..=2 {
            let said = touch(&app, &desk, &record, &from(&desk.requester, "And?")).unwrap();
            assert_eq!(said.counts.chased, n);
        }
        verified(&app);
    });
}

#[test]
fn a_caller_answers_for_the_requester_and_other_holds_stay() {
    each_database(|app| {
        let desk = app.desk();
        let record = waiting_for_requester(&app, &desk);
        let edit = actions::Edit {
            overwrite: true,
            caller: Some(Some(desk.other.id)),
            ..actions::Edit::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::edit(w, v, ctx, record.number(), &edit)
        })
        .unwrap();
        let said = touch(&app, &desk, &record, &from(&desk.other, "The third")).unwrap();
        assert!(said.ends_hold);
        assert_eq!(
            said.counts.affected, 0,
            "a caller is not affected by calling"
        );
        let supplier = HoldCommand {
            reason: "supplier".into(),
            supplier: "Acme".into(),
            supplier_case: "1".into(),
            ..HoldCommand::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            let practice = practice_of(Kind::Incident);
            actions::hold(w, v, ctx, practice, record.number(), &supplier)
        })
        .unwrap();
        let said = touch(&app, &desk, &record, &from(&desk.requester, "And?")).unwrap();
        assert!(!said.ends_hold);
        assert_eq!(app.record(record.id).state, "waiting");
        // The requester is no caller besides: choosing them says that nobody called for them.
        let nobody = actions::Edit {
            overwrite: true,
            caller: Some(Some(desk.requester.id)),
            ..actions::Edit::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::edit(w, v, ctx, record.number(), &nobody)
        })
        .unwrap();
        assert_eq!(app.count("SELECT count(*) FROM involved"), 0);
        verified(&app);
    });
}

#[test]
fn two_choose_a_caller_at_once_and_one_is_asked() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let choose = |who: &Human, caller: &Human| {
            app.act(who, |w, v, ctx| {
                let edit = actions::Edit {
                    seen: record.facts,
                    caller: Some(Some(caller.id)),
                    ..actions::Edit::default()
                };
                actions::edit(w, v, ctx, record.number(), &edit)
            })
        };
        choose(&desk.agent, &desk.other).unwrap();
        match choose(&desk.colleague, &desk.watcher) {
            Err(Error::Stale(conflicts)) => assert_eq!(conflicts[0].field, "caller"),
            other => panic!("not asked: {other:?}"),
        }
    });
}

#[test]
fn a_contact_is_for_its_person_and_the_desk_alone() {
    each_database(|app| {
        let desk = app.desk();
        let record = app.log(
            &desk.agent,
            &LogCall::incident("Card readers").from(&desk.requester),
        );
        touch(
            &app,
            &desk,
            &record,
            &from(&desk.other, "My xylophone is broken"),
        )
        .unwrap();
        // Both see the record, neither what the other said; nobody else sees anything.
        let visible = |who: &Human| {
            app.would(who, |w, v, _| {
                records::find_visible(w, v, record.number()).map(drop)
            })
            .is_ok()
        };
        assert!(visible(&desk.requester) && visible(&desk.other) && visible(&desk.agent));
        assert!(!visible(&desk.watcher) && !visible(&desk.approver));
        for who in [&desk.requester, &desk.other] {
            let found = app.visit(who).get("/search?q=xylophone").text();
            assert!(!found.contains("INC-1"), "{found}");
            // Nor who else is affected, by name.
            let found = app.visit(who).get("/search?q=omar").text();
            assert!(!found.contains("INC-1"), "{found}");
        }
        let agent = app.visit(&desk.agent);
        assert!(agent.page("/search?q=xylophone").text().contains("INC-1"));
        let (own, others) = app.read(|r| {
            let id = record.id.cast();
            Ok((
                entries::own_entries_of(r, id, desk.other.id, None, 10)?,
                entries::own_entries_of(r, id, desk.requester.id, None, 10)?,
            ))
        });
        assert_eq!(own[0].said().body, "My xylophone is broken");
        assert!(others.is_empty());
        // Not affected any more, they do not see it any more either.
        app.act(&desk.agent, |w, v, ctx| {
            actions::remove_affected(w, v, ctx, record.number(), desk.other.id)
        })
        .unwrap();
        assert!(!visible(&desk.other));
    });
}

#[test]
fn who_left_is_refused_by_name_and_nothing_is_half_done() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let before = app.count("SELECT count(*) FROM facts");
        let refused = |outcome: Result<()>, field: &str, key: &str| match outcome {
            Err(Error::Invalid(invalid)) => {
                assert_eq!(invalid.0[0].0, field);
                assert_eq!(invalid.0[0].1.key, key);
            }
            other => panic!("not refused: {other:?}"),
        };
        let gone = touch(&app, &desk, &record, &from(&desk.disabled, "Hello")).map(drop);
        refused(gone, "person", "contact-person-left");
        let silent = touch(&app, &desk, &record, &from(&desk.other, "")).map(drop);
        refused(silent, "contact_text", "contact-text-needed");
        let add = |person| {
            app.act(&desk.agent, |w, v, ctx| {
                actions::add_affected(w, v, ctx, record.number(), person).map(drop)
            })
        };
        refused(add(desk.disabled.id), "affected", "contact-person-left");
        refused(add(desk.requester.id), "affected", "affected-is-requester");
        refused(add(Id::new()), "affected", "error-no-longer-there");
        assert_eq!(app.count("SELECT count(*) FROM facts"), before);
        assert_eq!(app.count("SELECT count(*) FROM involved"), 0);
        // The page says it beside the field, with everything typed.
        let client = app.visit(&desk.agent);
        let form = FilledForm {
            action: format!("{}/contacts", app.path(&record)),
            method: "post".into(),
            multipart: false,
            fields: [
                ("form_key", uuid::Uuid::new_v4().to_string().as_str()),
                ("person", &desk.disabled.id.to_string()),
                ("channel", "mail"),
                ("contact_text", "Ünchanged"),
            ]
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .to_vec(),
            files: Vec::new(),
            buttons: Vec::new(),
        };
        let page = client.send(&form);
        assert_eq!(page.status, 422);
        assert!(page.text().contains("Dora Gone is no longer with us"));
        assert!(page.html().contains("Ünchanged"));
    });
}

#[test]
fn a_resolved_record_is_taken_up_again_within_the_window_and_a_closed_one_never() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "resolved");
        let agent = app.visit(&desk.agent);
        let form = format!("{}/contacts", app.path(&record));
        assert!(agent.page(&form).html().contains("name=\"reopen\""));
        // Saying that they called changes nothing by itself.
        touch(&app, &desk, &record, &from(&desk.requester, "Thank you")).unwrap();
        assert_eq!(app.record(record.id).state, "resolved");
        let again = Contact {
            reopen: true,
            ..from(&desk.requester, "It is back")
        };
        touch(&app, &desk, &record, &again).unwrap();
        let open = app.record(record.id);
        assert_eq!((open.is_open, open.reopens), (true, record.reopens + 1));
        let late = record_in(&app, &desk, Kind::Incident, "resolved");
        app.travel(time::Duration::days(6));
        let late_form = format!("{}/contacts", app.path(&late));
        assert!(!agent_page(&app, &desk, &late_form).contains("name=\"reopen\""));
        let refused = touch(&app, &desk, &late, &again);
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
        let closed = record_in(&app, &desk, Kind::Incident, "closed");
        let refused = touch(&app, &desk, &closed, &from(&desk.requester, "Hello"));
        assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
        let page = agent_page(&app, &desk, &format!("{}/contacts", app.path(&closed)));
        assert!(
            page.contains("recurrence_of="),
            "a closed one leads to a recurrence"
        );
        verified(&app);
    });
}

fn agent_page(app: &App, desk: &Desk, path: &str) -> String {
    app.visit(&desk.agent).page(path).html().to_owned()
}

#[test]
fn a_reply_written_while_somebody_phoned_shows_the_contact_first() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        app.act(&desk.colleague, |w, v, ctx| {
            let practice = practice_of(record.kind);
            let contact = from(&desk.requester, "It is the third floor");
            actions::contact(w, v, ctx, practice, record.number(), &contact)
        })
        .unwrap();
        let reply = Say {
            seen: record.facts,
            body: "Which floor is it?".into(),
            ..Say::default()
        };
        let sent = app.act(&desk.agent, |w, v, ctx| {
            actions::reply(w, v, ctx, record.number(), &reply)
        });
        match sent {
            Err(Error::News(news)) => assert_eq!(news.len(), 1),
            other => panic!("sent over the contact: {other:?}"),
        }
    });
}

#[test]
fn a_chaser_about_what_was_solved_at_first_contact_takes_the_mark_away() {
    each_database(|app| {
        let desk = app.desk();
        let record = app.log(
            &desk.agent,
            &LogCall::incident("Password").from(&desk.requester),
        );
        let done = Resolve {
            code: "fixed".into(),
            text: "Set anew.".into(),
        };
        app.act(&desk.agent, |w, v, ctx| {
            let practice = practice_of(record.kind);
            let solved = actions::resolve(w, v, ctx, practice, record.number(), &done)?;
            andon::incidents::mark_first_contact(w, ctx, solved)
        })
        .unwrap();
        let marked = "SELECT count(*) FROM incidents WHERE first_contact";
        touch(&app, &desk, &record, &from(&desk.other, "Me too")).unwrap();
        assert_eq!(app.count(marked), 1);
        touch(&app, &desk, &record, &from(&desk.requester, "No good")).unwrap();
        assert_eq!(app.count(marked), 0);
        verified(&app);
    });
}

/// 2,000 people on one incident: page and list read one page of them, by key.
#[test]
fn a_record_with_many_contacts_is_read_by_pages() {
    each_database_with(
        |serve| serve.diagnostics = true,
        |app| {
            let desk = app.desk();
            let record = app.log(
                &desk.agent,
                &LogCall::incident("Everything is down").from(&desk.requester),
            );
            let path = app.path(&record);
            let people: Vec<Human> = (0..70)
                .map(|n| app.human(&format!("Person Number{n:02}"), Roles::NONE))
                .collect();
            let client = app.visit(&desk.agent);
            let statements = || app.statements(&client, &path);
            for person in &people[..20] {
                touch(&app, &desk, &record, &from(person, "Here too")).unwrap();
            }
            let few = statements();
            for person in &people[20..] {
                touch(&app, &desk, &record, &from(person, "Here too")).unwrap();
            }
            assert_eq!(few, statements());
            assert!(few <= 21, "{few}");
            // Every affected person stands on exactly one page of the list.
            let mut at = path.clone();
            let mut seen = Vec::new();
            loop {
                let page = client.page(&at);
                for person in &people {
                    let removal = format!("/affected/{}/removal", person.id);
                    if page.html().contains(&removal) {
                        seen.push(person.id);
                    }
                }
                let older = page
                    .html()
                    .split("href=\"")
                    .filter_map(|part| part.split('"').next())
                    .find(|href| href.contains("?affected="))
                    .map(|href| href.split('#').next().unwrap_or_default().to_owned());
                match older {
                    Some(next) => at = next,
                    None => break,
                }
            }
            assert_eq!(seen.len(), 70);
            seen.sort();
            seen.dedup();
            assert_eq!(seen.len(), 70);
        },
    );
}

/// The form of a call posted without script: found, similar shown, added with one button.
#[test]
fn a_call_joins_an_open_incident_instead_of_becoming_another() {
    each_database(|app| {
        let desk = app.desk();
        let record = app.log(
            &desk.agent,
            &LogCall::incident("Card readers decline payments").from(&desk.requester),
        );
        let client = app.visit(&desk.agent);
        let form = |fields: &[(&str, &str)]| FilledForm {
            action: "/calls".into(),
            method: "post".into(),
            multipart: false,
            fields: fields
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .chain([("form_key".to_owned(), uuid::Uuid::new_v4().to_string())])
                .collect(),
            files: Vec::new(),
            buttons: Vec::new(),
        };
        let title = ("title", "Card readers decline everything");
        let find = client.send(&form(&[("do", "find"), ("req", "omar"), title]));
        assert!(
            find.html().contains("name=\"join\" value=\"INC-1\""),
            "{}",
            find.text()
        );
        let other = desk.other.id.to_string();
        let joined = client.send(&form(&[
            ("join", "INC-1"),
            ("person", &other),
            ("req", "omar"),
            title,
            ("description", "At gate 4"),
            ("channel", "walk_up"),
        ]));
        assert_eq!(joined.header("location"), Some("/calls/new?joined=INC-1"));
        let entry = app.database.lines(
            "SELECT author_name || '|' || channel || '|' || audience || '|' || body AS line FROM entries",
        );
        assert_eq!(
            entry,
            ["Omar Nasser|walk_up|contact|Card readers decline everything\n\nAt gate 4"]
        );
        assert_eq!(app.count("SELECT count(*) FROM records"), 1);
        // Somebody new is added with it.
        client
            .send(&form(&[("join", "INC-1"), ("new_name", "Nora New"), title]))
            .expect(303);
        // Nobody, or nothing said, or a record there is not: nothing is written, all comes back.
        let before = app.count("SELECT count(*) FROM facts");
        for (fields, words) in [
            (vec![("join", "INC-1"), title], "Choose who got in touch."),
            (
                vec![("join", "INC-1"), ("person", &other)],
                "Write what they said.",
            ),
            (
                vec![("join", "INC-4711"), ("person", &other), title],
                "There is no such record.",
            ),
            (
                vec![("join", "\0"), ("person", &other), title],
                "There is no such record.",
            ),
        ] {
            let page = client.send(&form(&fields));
            assert_eq!(page.status, 422, "{fields:?}");
            assert!(page.text().contains(words), "{fields:?}: {}", page.text());
        }
        assert_eq!(app.count("SELECT count(*) FROM facts"), before);
        // One call for somebody else: they are affected, the contact is the caller's.
        let rita = desk.watcher.id.to_string();
        client
            .send(&form(&[
                ("join", "INC-1"),
                ("person", &rita),
                ("by_person", &other),
                title,
            ]))
            .expect(303);
        let counts = app.database.lines(
            "SELECT affected || '|' || contacts || '|' || chased AS line FROM contact_counts",
        );
        assert_eq!(counts, ["3|3|1"]);
        // And one that is logged: the caller stands in the record's first fact.
        client
            .send(&form(&[
                ("do", "save"),
                ("person", &rita),
                ("by_person", &other),
                ("title", "Something else"),
                ("matrix", "2-2"),
            ]))
            .expect(303);
        let callers = app.count("SELECT count(*) FROM involved WHERE role = 'caller'");
        assert_eq!(callers, 1);
        let page = client.page("/incidents/INC-2").text();
        assert!(page.contains("Omar Nasser called for them"), "{page}");
        let _ = record;
        verified(&app);
    });
}
