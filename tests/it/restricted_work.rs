//! What happens to restricted records in somebody's hands when that person leaves, is erased, or the
//! record meets another: it never comes to anybody it does not name.

use andon::follow::practice_of;
use andon::people::{Person, find_person};
use andon::platform::db::Id;
use andon::platform::kernel::error::{Error, Result};
use andon::records::actions::{self, AddTask, GiveTo, Resolve, Restrict, Say};
use andon::records::{self, Practices, Record};
use andon::settings::actions::{Erase, Leave, Traces, erase, leave};
use andon::tasks::{Holder, Task};

use crate::app::{App, Desk, Human, LogCall, each_database};
use crate::restricted::verified;

const PRACTICES: Practices = Practices(practice_of);

/// A record of the agent's with a task of theirs, restricted to a team and some people.
fn held(app: &App, desk: &Desk, named: &Restrict) -> (Record, Id<Task>) {
    let call = LogCall {
        assignee: Some(&desk.agent),
        team: Some(desk.desk),
        ..LogCall::incident("A matter of personnel").from(&desk.requester)
    };
    let number = app.log(&desk.agent, &call).number();
    let task = AddTask {
        title: "Ask the bank".into(),
        who: Some(Holder::Person(desk.agent.id)),
        ..AddTask::default()
    };
    app.act(&desk.agent, |w, v, ctx| {
        let task = actions::add_task(w, v, ctx, number, &task)?;
        let record = actions::restrict(w, v, ctx, number, named)?;
        Ok((record, task.id))
    })
    .unwrap()
}

fn named(people: &[&Human]) -> Restrict {
    Restrict {
        people: people.iter().map(|person| person.id).collect(),
        reason: "Personnel".into(),
        ..Restrict::default()
    }
}

fn leaves(app: &App, desk: &Desk, person: &Human, to: GiveTo) -> Result<Person> {
    app.act(&desk.administrator, |w, v, ctx| {
        let command = Leave {
            seen: None,
            to: Some(to),
        };
        leave(w, v, ctx, PRACTICES, person.id, &command)
    })
}

fn holder(app: &App, record: &Record, task: Id<Task>) -> Option<Holder> {
    app.read(|r| andon::tasks::find(r, record.id.cast(), task))
        .holder()
}

fn is_disabled(app: &App, person: &Human) -> bool {
    app.read(|r| find_person(r, person.id))
        .disabled_at
        .is_some()
}

#[test]
fn whoever_leaves_hands_no_restricted_work_to_somebody_it_does_not_name() {
    each_database(|app| {
        let desk = app.desk();
        let people = named(&[&desk.agent, &desk.administrator, &desk.manager]);
        let (record, task) = held(&app, &desk, &people);
        match leaves(&app, &desk, &desk.agent, GiveTo::Person(desk.colleague.id)) {
            Err(Error::Invalid(invalid)) => {
                assert_eq!(invalid.0[0].0, "assignee");
                assert_eq!(invalid.0[0].1.key, "restriction-not-named");
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(app.record(record.id).assignee_id, Some(desk.agent.id));
        assert!(!is_disabled(&app, &desk.agent));
        let to = GiveTo::Person(desk.manager.id);
        leaves(&app, &desk, &desk.agent, to).unwrap();
        assert_eq!(app.record(record.id).assignee_id, Some(desk.manager.id));
        let given = Some(Holder::Person(desk.manager.id));
        assert_eq!(holder(&app, &record, task), given);
        verified(&app);
    });
}

#[test]
fn a_task_of_a_restricted_record_goes_to_the_team_it_names_and_to_no_other() {
    each_database(|app| {
        let desk = app.desk();
        let people = named(&[&desk.agent, &desk.administrator]);
        let team = Restrict {
            team: Some(desk.network),
            ..people.clone()
        };
        let (without, nobodys) = held(&app, &desk, &people);
        let (with, theirs) = held(&app, &desk, &team);
        assert_eq!(without.team_id, Some(desk.desk));
        leaves(&app, &desk, &desk.agent, GiveTo::Teams).unwrap();
        for record in [&without, &with] {
            assert_eq!(app.record(record.id).assignee_id, None);
        }
        assert_eq!(holder(&app, &without, nobodys), None);
        let given = Some(Holder::Team(desk.network));
        assert_eq!(holder(&app, &with, theirs), given);
        verified(&app);
    });
}

fn duplicate(app: &App, desk: &Desk, record: &Record, original: &Record) -> Result<Record> {
    let practice = practice_of(record.kind);
    let (record, original) = (record.number(), original.number());
    app.act(&desk.agent, |w, v, ctx| {
        actions::duplicate(w, v, ctx, practice, record, original, "The same")
    })
}

#[test]
fn a_restricted_record_is_no_duplicate_of_one_that_everybody_sees() {
    each_database(|app| {
        let desk = app.desk();
        let (secret, _) = held(&app, &desk, &named(&[&desk.agent]));
        let call = LogCall::incident("Everybody's").from(&desk.other);
        let original = app.log(&desk.agent, &call);
        match duplicate(&app, &desk, &secret, &original) {
            Err(Error::Invalid(invalid)) => {
                assert_eq!(invalid.0[0].0, "original");
                assert_eq!(invalid.0[0].1.key, "duplicate-of-unrestricted");
            }
            other => panic!("{other:?}"),
        }
        assert!(app.record(secret.id).is_open);
        let affected = app.read(|r| records::affected_of(r, original.id, None, 10));
        assert!(affected.is_empty(), "{affected:?}");
        verified(&app);
    });
}

#[test]
fn a_restricted_original_is_joined_by_those_it_names() {
    each_database(|app| {
        let desk = app.desk();
        let team = Restrict {
            team: Some(desk.network),
            ..named(&[&desk.agent, &desk.approver])
        };
        let (original, _) = held(&app, &desk, &team);
        let second = app.log(&desk.agent, &LogCall::incident("Too").from(&desk.other));
        app.act(&desk.agent, |w, v, ctx| {
            for person in [desk.approver.id, desk.watcher.id] {
                actions::add_affected(w, v, ctx, second.number(), person)?;
            }
            for person in [desk.colleague.id, desk.watcher.id] {
                actions::watch(w, v, ctx, second.number(), person)?;
            }
            Ok(())
        })
        .unwrap();
        duplicate(&app, &desk, &second, &original).unwrap();
        let affected = app.read(|r| records::affected_of(r, original.id, None, 10));
        let affected: Vec<&str> = affected.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(affected, ["Apu Voss"]);
        assert_eq!(
            app.read(|r| records::contact_counts(r, original.id))
                .affected,
            1
        );
        let watchers = app.read(|r| records::watchers_of(r, original.id));
        let watchers: Vec<&str> = watchers.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(watchers, ["Ben Okafor"], "by the team");
        verified(&app);
    });
}

/// What an administrator is not named on is not counted before somebody is erased, and they are told
/// that this may be so whether it is or not.
#[test]
fn what_goes_with_a_person_is_counted_without_what_one_may_not_see() {
    each_database(|app| {
        let desk = app.desk();
        let traces = || {
            [&desk.agent, &desk.requester].map(|person| {
                app.act(&desk.administrator, |w, v, _| {
                    let t = Traces::of(w, v, person.id)?;
                    let endings = usize::try_from(t.endings).unwrap();
                    Ok([t.records, t.replies, t.notes, endings, t.facts])
                })
                .unwrap()
            })
        };
        let path = format!("/settings/people/{}/erasure", desk.requester.id);
        let sentence = "leave out restricted records";
        let admin = app.visit(&desk.administrator);
        admin.page(&path).assert_says(sentence);
        let before = traces();
        let (record, _) = held(&app, &desk, &named(&[&desk.agent, &desk.requester]));
        let number = record.number();
        app.act(&desk.agent, |w, v, ctx| {
            let say = |body: &str| Say {
                anyway: true,
                body: body.into(),
                ..Say::default()
            };
            let done = Resolve {
                code: "fixed".into(),
                text: "Paid back".into(),
            };
            actions::note(w, v, ctx, number, &say("Noted"))?;
            actions::reply(w, v, ctx, number, &say("Said"))?;
            let task = andon::tasks::open_of(w, record.id.cast())?[0].id;
            actions::skip_task(w, v, ctx, number, task, "Not needed")?;
            actions::resolve(w, v, ctx, practice_of(record.kind), number, &done)
        })
        .unwrap();
        assert_eq!(traces(), before);
        admin.page(&path).assert_says(sentence);
        app.act(&desk.agent, |w, v, ctx| {
            actions::lift_restriction(w, v, ctx, number, "It is over")
        })
        .unwrap();
        let [agent, requester] = traces();
        assert_eq!(agent[1..4], [1, 1, 1]);
        assert!(agent[4] > before[0][4] && requester[4] > before[1][4]);
        assert_eq!(requester[0], before[1][0] + 1);
    });
}

/// What an administrator may not see stays with nobody who has left, keeps nobody from being erased,
/// and the administrator is told nothing of it.
#[test]
fn what_one_may_not_see_is_nobodys_when_its_holder_leaves() {
    each_database(|app| {
        let desk = app.desk();
        let team = Restrict {
            team: Some(desk.desk),
            ..named(&[&desk.agent, &desk.colleague])
        };
        let (record, task) = held(&app, &desk, &team);
        let number = record.number().to_string();
        let admin = app.visit(&desk.administrator);
        let page = admin.page(&format!("/settings/people/{}/leaving", desk.agent.id));
        let html = page.html();
        assert!(html.contains("id=\"n-records\">0<") && html.contains("id=\"n-tasks\">0<"));
        assert!(!html.contains(&number));
        let done = admin.send(&page.form("/leaving")).expect(303);
        let told = admin.follow(&done);
        told.assert_says("Their sessions have ended.");
        assert!(!told.text().contains(&number), "{}", told.text());
        assert!(is_disabled(&app, &desk.agent));
        assert_eq!(app.record(record.id).assignee_id, None);
        assert_eq!(holder(&app, &record, task), None);
        let history = format!("{}?tab=history", app.path(&record));
        let history = app.visit(&desk.colleague).page(&history).text();
        assert!(history.contains("Ada Admin"), "{history}");
        verified(&app);
        let command = Erase {
            confirm: desk.agent.mail.clone(),
            ..Erase::default()
        };
        app.act(&desk.administrator, |w, v, ctx| {
            erase(w, v, ctx, desk.agent.id, &command)
        })
        .unwrap();
        app.work();
    });
}

/// Somebody was disabled while they held such work.
#[test]
fn what_one_may_not_see_keeps_nobody_from_being_erased() {
    each_database(|app| {
        let desk = app.desk();
        let (record, task) = held(&app, &desk, &named(&[&desk.agent, &desk.colleague]));
        app.act(&desk.administrator, |w, v, ctx| {
            let by = andon::people::actions::By::Visitor(v);
            andon::people::actions::set_person_enabled(w, by, ctx, desk.agent.id, false)
        })
        .unwrap();
        let path = format!("/settings/people/{}/erasure", desk.agent.id);
        let admin = app.visit(&desk.administrator);
        let form = admin.page(&path).form("/erasure");
        admin
            .send(&form.set("confirm", &desk.agent.mail))
            .expect(303);
        app.work();
        assert_eq!(app.record(record.id).assignee_id, None);
        assert_eq!(holder(&app, &record, task), None);
        let named = format!(
            "SELECT count(*) FROM fact_texts WHERE text = '{}'",
            desk.agent.name
        );
        assert_eq!(app.count(&named), 0);
    });
}
