//! An incident that is a request after all, and the other way round; problems and changes, which are
//! raised from a record instead. By the pages a person uses, on both databases.

mod bad_input;
mod raised;

use andon::app::verify;
use andon::follow::practice_of;
use andon::platform::kernel::error::Result;
use andon::records::actions::{self, HoldCommand, Say};
use andon::records::{BACK, Group, Kind, LinkType, Number, Practices, Record, Verb};

use crate::app::{App, Client, Human, LogCall, Page, each_database};
use crate::library::{attach, task_on};
use crate::life_cycle::record_in;

const PRACTICES: Practices = Practices(practice_of);

/// Posts a form of fields, each time as a new one.
#[track_caller]
fn post(client: &Client, path: &str, fields: &[(&str, &str)]) -> Page {
    let key = uuid::Uuid::new_v4().to_string();
    let mut all = vec![("form_key", key.as_str())];
    all.extend(fields);
    client.post(path, &all)
}

#[track_caller]
fn verified(app: &App) {
    let mut lines = Vec::new();
    verify::run(&app.site.store, &[], &mut |line| {
        let set_up = ["person ", "team ", "service ", "category ", "setting "];
        if !set_up.iter().any(|what| line.starts_with(what)) {
            lines.push(line.to_owned());
        }
    })
    .unwrap();
    assert_eq!(lines, Vec::<String>::new());
}

/// Changes a record's kind as a person.
fn change(app: &App, who: &Human, number: Number) -> Result<Record> {
    app.act(who, |w, v, ctx| {
        actions::change_kind(w, v, ctx, PRACTICES, number, "")
    })
}

fn facts(app: &App) -> i64 {
    app.count("SELECT count(*) FROM facts")
}

#[test]
fn an_incident_becomes_a_request_and_its_old_number_leads_to_it() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let old = app.path(&record);
        let client = app.visit(&desk.agent);
        // One link away; what will happen is said before.
        assert!(client.page(&old).html().contains(&format!("{old}/kind")));
        let page = client.page(&format!("{old}/kind"));
        page.assert_says("In fulfilment");
        let form = page.form("/kind").set("kind_reason", "Nothing is broken");
        let done = client.send(&form).expect(303);
        assert_eq!(done.location(), "/requests/REQ-1");
        client.follow(&done).assert_says("INC-1 is now REQ-1");
        // Sent twice it is changed once.
        assert_eq!(client.send(&form).location(), "/requests/REQ-1");
        let now = app.record(record.id);
        assert_eq!(
            (now.kind, now.number, now.state.as_str(), now.kind_changes),
            (Kind::Request, 1, "in_fulfilment", 1)
        );
        // Every page under the old address leads to the same one under the new.
        for below in [
            "",
            "?tab=history",
            "?edit=title&x=1",
            "/hold",
            "/resolution",
            "/kind",
        ] {
            let led = client.get(&format!("{old}{below}")).expect(303);
            assert_eq!(led.location(), format!("/requests/REQ-1{below}"));
        }
        let led = client.get("/incidents/inc-0001?tab=notes").expect(303);
        assert_eq!(
            client.get(led.location()).location(),
            "/requests/REQ-1?tab=notes"
        );
        let page = client.page("/requests/REQ-1");
        page.assert_says("Former number INC-1");
        let history = client.page("/requests/REQ-1?tab=history");
        for said in [
            "Kind changed",
            "Incident",
            "Request",
            "Nothing is broken",
            "INC-1",
            "REQ-1",
        ] {
            history.assert_says(said);
        }
        verified(&app);
    });
}

#[test]
fn a_former_number_is_found_wherever_numbers_are() {
    each_database(|app| {
        let desk = app.desk();
        let record = app.log(&desk.agent, &LogCall::incident("Zither out of tune"));
        let other = app.log(&desk.agent, &LogCall::incident("Another"));
        change(&app, &desk.agent, record.number()).unwrap();
        let client = app.visit(&desk.agent);
        // Jumping to it, as it is typed.
        for typed in ["INC-1", "inc1", "inc%200001"] {
            let led = client.get(&format!("/search?q={typed}")).expect(303);
            assert_eq!(led.location(), "/requests/REQ-1", "{typed}");
        }
        // Among other words, by either number; also after its title was changed.
        let finds = |words: &str| {
            let page = client.page(&format!("/search?q={words}"));
            page.html().contains("/requests/REQ-1\"")
        };
        assert!(finds("INC-1%20zither") && finds("zither%20REQ-1"));
        assert!(!finds("INC-2%20zither"));
        let title = [("title", "Zither and lute"), ("seen", "9999")];
        post(&client, "/requests/REQ-1/fields", &title).expect(303);
        assert!(finds("INC-1%20lute") && !finds("INC-1%20tune"));
        // Linking and logging a recurrence by it.
        let link = [("link_to", "INC-1"), ("link_type", "related")];
        post(&client, &format!("{}/links", app.path(&other)), &link).expect(303);
        let linked = client.page(&app.path(&other));
        assert!(linked.html().contains("/requests/REQ-1\""));
        let call = client.page("/calls/new?recurrence_of=INC-1");
        assert_eq!(call.form("/calls").value("recurrence_of"), Some("REQ-1"));
        // In the export.
        let csv = client.get("/queue.csv?view=open").expect(200).html();
        let lines: Vec<&str> = csv.lines().collect();
        assert!(lines[0].contains(",former_numbers,"), "{csv}");
        let own = lines.iter().find(|l| l.starts_with("REQ-1,")).unwrap();
        assert!(own.contains(",INC-1,Service desk,"), "{own}");
        let other = lines.iter().find(|l| l.starts_with("INC-2,")).unwrap();
        assert!(other.contains(",,Service desk,"), "{other}");
        // What the index holds is what a restore would give it.
        let of = [andon::search::Indexed {
            record: record.id,
            entry: None,
            internal: false,
        }];
        let texts = app.read(|r| andon::search::indexed_texts(r, &of));
        assert!(texts[0].contains("lute"), "{texts:?}");
        verified(&app);
    });
}

#[test]
fn everything_on_the_record_stays_and_a_hold_goes_on() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        let number = record.number();
        let path = app.path(&record);
        let problem = app.log(&desk.agent, &LogCall::of(Kind::Problem, "Behind it"));
        let say = Say {
            body: "We are on it.".into(),
            anyway: true,
            ..Say::default()
        };
        let hold = HoldCommand {
            reason: "problem".into(),
            for_record: Some(problem.number()),
            ..HoldCommand::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::reply(w, v, ctx, number, &say)?;
            actions::note(w, v, ctx, number, &say)?;
            actions::link(w, v, ctx, number, problem.number(), LinkType::CausedBy)?;
            actions::hold(w, v, ctx, practice_of(Kind::Incident), number, &hold)
        })
        .unwrap();
        task_on(&app, &desk.agent, number, "To do");
        attach(&app, &desk, &path, "public", "screen.txt", b"seen");
        let on_it = || {
            [
                "entries",
                "tasks",
                "attachments",
                "watchers",
                "links",
                "holds",
            ]
            .map(|table| {
                let column = if table == "links" {
                    "from_id"
                } else {
                    "record_id"
                };
                let all = app.count(&format!("SELECT count({column}) FROM {table}"));
                (table, all)
            })
        };
        let before = on_it();
        assert!(before.iter().all(|(_, n)| *n > 0), "{before:?}");
        let was = app.record(record.id);
        let now = change(&app, &desk.agent, number).unwrap();
        assert_eq!(on_it(), before);
        assert_eq!((now.id, now.state.as_str()), (was.id, "waiting"));
        assert_eq!(
            (
                now.requester_id,
                now.assignee_id,
                now.reported_at,
                now.facts
            ),
            (
                was.requester_id,
                was.assignee_id,
                was.reported_at,
                was.facts + 1
            )
        );
        let page = app.visit(&desk.agent).page("/requests/REQ-1");
        for said in ["We are on it.", "To do", "screen.txt", "PRB-1", "On hold"] {
            page.assert_says(said);
        }
        verified(&app);
        // What it waited for ends, and it goes on as a request does.
        app.act(&desk.agent, |w, v, ctx| {
            let fixed = actions::Resolve {
                code: "fixed".into(),
                text: "Done".into(),
            };
            let practice = practice_of(Kind::Problem);
            actions::resolve(w, v, ctx, practice, problem.number(), &fixed)
        })
        .unwrap();
        assert_eq!(app.record(record.id).state, "in_fulfilment");
        verified(&app);
    });
}

/// Each open state of the one is an open state of the other; waiting is waiting where a hold is what
/// it waits in; only what somebody still has to approve is not waited for any more.
#[test]
fn every_open_state_has_its_place_in_the_other_kind() {
    for kind in Kind::ALL {
        let from = practice_of(*kind);
        let Some(becomes) = from.becomes else {
            assert!(!matches!(kind, Kind::Incident | Kind::Request));
            continue;
        };
        let to = practice_of(becomes.kind);
        assert_eq!(to.becomes.map(|back| back.kind), Some(*kind));
        let held = |practice: &andon::records::Practice| {
            let hold = practice.moves.iter().find(|m| m.verb == Verb::Hold);
            hold.map(|m| m.to)
        };
        let mapped: Vec<&str> = becomes.states.iter().map(|(from, _)| *from).collect();
        let open = from.states.iter().filter(|s| s.group != Group::Done);
        assert_eq!(mapped, open.map(|s| s.word).collect::<Vec<_>>(), "{kind}");
        for (word, there) in becomes.states {
            for has_person in [false, true] {
                let state = from.state_in(to, word, has_person).unwrap();
                let state = to.state(state).unwrap();
                assert_ne!(state.group, Group::Done, "{kind} {word}");
                assert_eq!(
                    held(from) == Some(*word),
                    held(to) == Some(state.word),
                    "{kind} {word}"
                );
                let given = to.find(Verb::Assign, there, None).filter(|_| has_person);
                assert_eq!(state.word, given.map_or(*there, |step| step.to));
                assert_ne!(state.word, BACK);
            }
        }
        for done in from.states.iter().filter(|s| s.group == Group::Done) {
            assert_eq!(from.state_in(to, done.word, true), None);
        }
        assert_eq!(from.state_in(from, from.first, true), None);
    }
}

#[test]
fn every_state_changes_or_is_refused_as_the_table_says() {
    each_database(|app| {
        let desk = app.desk();
        for kind in Kind::ALL {
            let practice = practice_of(*kind);
            for state in practice.states {
                let record = record_in(&app, &desk, *kind, state.word);
                let before = facts(&app);
                let outcome = change(&app, &desk.agent, record.number());
                let meant = practice.becomes.filter(|_| record.is_open).map(|becomes| {
                    let to = practice_of(becomes.kind);
                    let has_person = record.assignee_id.is_some();
                    (to, practice.state_in(to, state.word, has_person).unwrap())
                });
                match (outcome, meant) {
                    (Ok(now), Some((to, there))) => {
                        assert_eq!((now.kind, now.state.as_str()), (to.kind, there));
                        assert_eq!(facts(&app), before + 1, "{kind} {}", state.word);
                        let told = app
                            .database
                            .lines("SELECT name AS line FROM facts ORDER BY seq DESC LIMIT 1");
                        assert_eq!(told, [format!("{kind}.kind_changed")]);
                        // And on from there: a hold ends in a state of the new kind.
                        if now.state == "waiting" {
                            let number = now.number();
                            let back = app.act(&desk.agent, |w, v, ctx| {
                                actions::resume(w, v, ctx, to, number)
                            });
                            assert!(to.state(&back.unwrap().state).is_some());
                        }
                    }
                    (Err(andon::platform::kernel::error::Error::Refused(_)), None) => {
                        assert_eq!(facts(&app), before, "{kind} {}", state.word);
                    }
                    (outcome, meant) => panic!("{kind} {}: {outcome:?} {meant:?}", state.word),
                }
            }
        }
        verified(&app);
    });
}

#[test]
fn a_number_is_never_given_again_even_when_the_kind_is_changed_back() {
    each_database(|app| {
        let desk = app.desk();
        let record = app.log(&desk.agent, &LogCall::incident("Back and forth"));
        let request = change(&app, &desk.agent, record.number()).unwrap();
        let again = change(&app, &desk.agent, request.number()).unwrap();
        assert_eq!(again.number().to_string(), "INC-2");
        let next = app.log(&desk.agent, &LogCall::incident("Next"));
        assert_eq!(next.number().to_string(), "INC-3");
        let client = app.visit(&desk.agent);
        // Each of them leads there at once.
        for old in ["/incidents/INC-1", "/requests/REQ-1"] {
            assert_eq!(client.get(old).location(), "/incidents/INC-2");
        }
        client
            .page("/incidents/INC-2")
            .assert_says("Former number INC-1, REQ-1");
        verified(&app);
    });
}

#[test]
fn who_may_not_see_the_record_is_not_led_to_it() {
    each_database(|app| {
        let desk = app.desk();
        let record = record_in(&app, &desk, Kind::Incident, "in_progress");
        change(&app, &desk.agent, record.number()).unwrap();
        for person in [&desk.other, &desk.approver] {
            let client = app.visit(person);
            // Exactly as a number that never was.
            client.get("/incidents/INC-1").expect(404);
            let reply = [("audience", "public"), ("body", "x")];
            post(&client, "/incidents/INC-1/entries", &reply).expect(404);
            let sought = client.get("/search?q=INC-1").expect(200);
            let never = client.get("/search?q=INC-9").expect(200);
            assert_eq!(
                sought.text().replace("INC-1", "INC-9"),
                never.text(),
                "the former number shows"
            );
        }
    });
}

#[test]
fn what_was_of_the_wrong_kind_is_counted_by_channel() {
    each_database(|app| {
        let desk = app.desk();
        for n in 0..4 {
            let record = app.log(&desk.agent, &LogCall::incident("Of the wrong kind"));
            if n == 0 {
                change(&app, &desk.agent, record.number()).unwrap();
            }
        }
        app.log(&desk.agent, &LogCall::of(Kind::Problem, "Not counted"));
        let client = app.visit(&desk.manager);
        let page = client.page("/reports/kinds");
        page.assert_says("Phone 4 1 25.0 %");
        assert!(client.page("/queue").html().contains("/reports/kinds"));
        app.visit(&desk.agent).get("/reports/kinds").expect(403);
        app.travel(time::Duration::days(40));
        let client = app.visit(&desk.manager);
        client
            .page("/reports/kinds")
            .assert_says("Nothing was reported in this time.");
        client
            .page("/reports/kinds?days=90")
            .assert_says("Phone 4 1 25.0 %");
    });
}
