//! What flows down from a parent, and to whom it never does.

use andon::follow::practice_of;
use andon::platform::kernel::error::Result;
use andon::records::actions::{self, AddTask, HoldCommand, Reopen, Say};
use andon::records::{self, Children, Flow, Kind, LinkType, Record};

use super::{family, fixed, incident, refused, resolve, shown, states, under, verified};
use crate::app::{App, Desk, LogCall, each_database};

fn hold(
    app: &App,
    desk: &Desk,
    record: &Record,
    what: &HoldCommand,
    below: &Children,
) -> Result<Record> {
    let practice = practice_of(record.kind);
    app.act(&desk.agent, |w, v, ctx| {
        let done = actions::hold_family(w, v, ctx, practice, record.number(), what, below);
        done.map(|(record, _)| record)
    })
}

fn supplier() -> HoldCommand {
    HoldCommand {
        reason: "supplier".into(),
        supplier: "Acme".into(),
        supplier_case: "4711".into(),
        ..HoldCommand::default()
    }
}

fn resume(app: &App, desk: &Desk, record: &Record) {
    let practice = practice_of(record.kind);
    app.act(&desk.agent, |w, v, ctx| {
        actions::resume(w, v, ctx, practice, record.number())
    })
    .unwrap();
}

/// All of them, not only the first (a fault elsewhere), and those below them.
#[test]
fn the_end_reaches_every_open_child() {
    each_database(|app| {
        let desk = app.desk();
        let (parent, mut all) = family(&app, &desk, 4);
        let deeper = incident(&app, &desk, "Below a child");
        under(&app, &desk.agent, &deeper, &all[0]).unwrap();
        all.push(deeper);
        // One waits for its requester: that is over with it.
        let question = HoldCommand {
            reason: "requester".into(),
            question: "Which one?".into(),
            ..HoldCommand::default()
        };
        hold(&app, &desk, &all[1], &question, &Children::Unasked).unwrap();
        let below = shown(&app, &desk, &parent, Flow::End);
        let facts = app.count("SELECT count(*) FROM facts");
        resolve(&app, &desk, &parent, &below).unwrap();
        assert_eq!(states(&app, &all), ["resolved"; 5]);
        assert_eq!(
            app.count("SELECT count(*) FROM facts"),
            facts + 6,
            "a fact each"
        );
        assert_eq!(
            app.count("SELECT count(*) FROM holds WHERE ended_at IS NULL"),
            0
        );
        // Each has the resolution of its own that its requester reads.
        let agent = app.visit(&desk.agent);
        for record in &all {
            let ending = app.read(|r| records::ending_of(r, record.id)).unwrap();
            assert_eq!(
                (ending.list.as_str(), ending.text),
                ("resolution", fixed().text)
            );
            assert_eq!(ending.by.as_deref(), Some(desk.agent.name.as_str()));
            let history = agent
                .page(&format!("{}?tab=history", app.path(record)))
                .text();
            assert!(
                history.contains("Because of") && history.contains("INC-1"),
                "{history}"
            );
        }
        let tallies = "SELECT coalesce(sum(n), 0) FROM record_tallies";
        assert_eq!(
            app.count(&format!(
                "SELECT count(*) FROM ({tallies}) t WHERE 0 = ({tallies})"
            )),
            1
        );
        assert_eq!(app.record(parent.id).open_children, 0);
        // Taken up again, a parent takes up no child.
        app.act(&desk.agent, |w, v, ctx| {
            let again = Reopen {
                who: "Rita".into(),
                why: "One still fails".into(),
            };
            let practice = practice_of(Kind::Incident);
            actions::reopen(w, v, ctx, practice, parent.number(), &again)
        })
        .unwrap();
        assert_eq!(states(&app, &all), ["resolved"; 5]);
        verified(&app);
    });
}

/// What has ended stays as it ended: it is neither taken up nor ended again.
#[test]
fn finished_children_are_never_touched_and_others_left_by_name() {
    each_database(|app| {
        let desk = app.desk();
        let (parent, all) = family(&app, &desk, 5);
        let practice = practice_of(Kind::Incident);
        resolve(&app, &desk, &all[0], &Children::Unasked).unwrap();
        app.act(&desk.agent, |w, v, ctx| {
            actions::close(w, v, ctx, practice, all[0].number())?;
            let command = actions::Resolve {
                code: "withdrawn".into(),
                ..Default::default()
            };
            actions::cancel(w, v, ctx, practice, all[1].number(), &command)?;
            let task = AddTask {
                title: "Call the shop".into(),
                blocking: true,
                ..AddTask::default()
            };
            actions::add_task(w, v, ctx, all[2].number(), &task).map(drop)
        })
        .unwrap();
        // A change has no resolution; what stands under one that is left is left too.
        let change = app.log(&desk.agent, &LogCall::of(Kind::Change, "Another route"));
        under(&app, &desk.agent, &change, &parent).unwrap();
        let deeper = incident(&app, &desk, "Below the one with a task");
        under(&app, &desk.agent, &deeper, &all[2]).unwrap();
        let before: Vec<Record> = all.iter().map(|r| app.record(r.id)).collect();
        let agent = app.visit(&desk.agent);
        let page = agent.page("/incidents/INC-1/resolution");
        page.assert_says("Open tasks block it: “Call the shop”.");
        page.assert_says("Its state does not allow this.");
        page.assert_says("2 children have ended already");
        page.assert_says("2 children too");
        let form = page.form("/incidents/INC-1/resolution");
        let form = form.set("resolution_code", "fixed");
        let done = agent.send(&form.set("resolution_text", "Renewed."));
        agent
            .follow(&done.expect(303))
            .assert_says("Children resolved with it: 2.");
        assert_eq!(
            states(&app, &all),
            ["closed", "cancelled", "new", "resolved", "resolved"]
        );
        assert_eq!(states(&app, &[change, deeper]), ["draft", "new"]);
        for (was, n) in before.iter().zip(0..3) {
            assert_eq!(app.record(was.id).facts, was.facts, "child {n}");
        }
        verified(&app);
    });
}

#[test]
fn other_links_carry_nothing() {
    each_database(|app| {
        let desk = app.desk();
        let parent = incident(&app, &desk, "Outage");
        let linked: Vec<Record> = [
            LinkType::Related,
            LinkType::CausedBy,
            LinkType::RecurrenceOf,
        ]
        .into_iter()
        .map(|link_type| {
            let other = incident(&app, &desk, link_type.word());
            app.act(&desk.agent, |w, v, ctx| {
                actions::link(w, v, ctx, other.number(), parent.number(), link_type)?;
                actions::link(w, v, ctx, parent.number(), other.number(), link_type)
            })
            .unwrap();
            other
        })
        .collect();
        hold(&app, &desk, &parent, &supplier(), &Children::Unasked).unwrap();
        assert_eq!(states(&app, &linked), ["new"; 3]);
        resolve(&app, &desk, &parent, &Children::Unasked).unwrap();
        assert_eq!(states(&app, &linked), ["new"; 3]);
        verified(&app);
    });
}

#[test]
fn holds_for_others_flow_down_and_end_with_the_parents() {
    each_database(|app| {
        let desk = app.desk();
        let (parent, all) = family(&app, &desk, 4);
        // Two wait already, one of them for something of its own.
        hold(&app, &desk, &all[0], &supplier(), &Children::Unasked).unwrap();
        let below = shown(&app, &desk, &parent, Flow::Hold);
        hold(&app, &desk, &parent, &supplier(), &below).unwrap();
        assert_eq!(states(&app, &all), ["waiting"; 4]);
        let agent = app.visit(&desk.agent);
        let page = agent.page(&app.path(&all[1])).text();
        assert!(page.contains("Acme") && page.contains("4711"), "{page}");
        // One goes on by itself and waits for something else: that is its own.
        resume(&app, &desk, &all[2]);
        let other = HoldCommand {
            reason: "other".into(),
            ..HoldCommand::default()
        };
        hold(&app, &desk, &all[2], &other, &Children::Unasked).unwrap();
        resume(&app, &desk, &parent);
        assert_eq!(states(&app, &all), ["waiting", "new", "waiting", "new"]);
        let because =
            "SELECT count(*) FROM holds WHERE because_id IS NOT NULL AND ended_at IS NULL";
        assert_eq!(app.count(because), 0);
        verified(&app);
        // The parent's end ends them too, where its children stay.
        let below = shown(&app, &desk, &parent, Flow::Hold);
        hold(&app, &desk, &parent, &supplier(), &below).unwrap();
        assert_eq!(app.count(because), 2);
        resolve(&app, &desk, &parent, &Children::Alone).unwrap();
        assert_eq!(states(&app, &all), ["waiting", "new", "waiting", "new"]);
        assert_eq!(app.count(because), 0);
        verified(&app);
    });
}

/// A change that all of them wait for: each goes on once, and only once.
#[test]
fn what_they_wait_for_finishes_and_all_go_on() {
    each_database(|app| {
        let desk = app.desk();
        let (parent, all) = family(&app, &desk, 3);
        let problem = app.log(&desk.agent, &LogCall::of(Kind::Problem, "Behind it"));
        let waits = HoldCommand {
            reason: "problem".into(),
            for_record: Some(problem.number()),
            ..HoldCommand::default()
        };
        let below = shown(&app, &desk, &parent, Flow::Hold);
        hold(&app, &desk, &parent, &waits, &below).unwrap();
        assert_eq!(states(&app, &all), ["waiting"; 3]);
        resolve(&app, &desk, &problem, &Children::Unasked).unwrap();
        assert_eq!(states(&app, &all), ["new"; 3]);
        assert_eq!(app.record(parent.id).state, "new");
        let resumed = "SELECT count(*) FROM facts WHERE name = 'incident.resumed'";
        assert_eq!(app.count(resumed), 4);
        verified(&app);
    });
}

#[test]
fn a_hold_for_the_requester_never_flows_down() {
    each_database(|app| {
        let desk = app.desk();
        let (parent, all) = family(&app, &desk, 2);
        let question = HoldCommand {
            reason: "requester".into(),
            question: "Since when?".into(),
            ..HoldCommand::default()
        };
        let below = shown(&app, &desk, &parent, Flow::Hold);
        hold(&app, &desk, &parent, &question, &below).unwrap();
        assert_eq!(states(&app, &all), ["new"; 2]);
        resume(&app, &desk, &parent);
        // Nor need anybody look at the children for that.
        hold(&app, &desk, &parent, &question, &Children::Unasked).unwrap();
        assert_eq!(states(&app, &all), ["new"; 2]);
        verified(&app);
    });
}

/// What a press does is what its page showed.
#[test]
fn nothing_flows_down_unseen() {
    each_database(|app| {
        let desk = app.desk();
        let (parent, all) = family(&app, &desk, 2);
        let facts = || app.count("SELECT count(*) FROM facts");
        let before = facts();
        refused(
            resolve(&app, &desk, &parent, &Children::Unasked),
            "family-look-first",
        );
        refused(
            hold(&app, &desk, &parent, &supplier(), &Children::Unasked),
            "family-look-first",
        );
        let outcome = app.act(&desk.agent, |w, v, ctx| {
            let say = Say {
                anyway: true,
                body: "It works again.".into(),
                ..Say::default()
            };
            let practice = practice_of(Kind::Incident);
            actions::reply_and_resolve(w, v, ctx, practice, parent.number(), &say, &fixed())
        });
        refused(outcome, "family-look-first");
        assert_eq!(facts(), before, "nothing half-done");
        // One more joins between the look and the press.
        let agent = app.visit(&desk.agent);
        let form = agent.page("/incidents/INC-1/resolution");
        let form = form
            .form("/incidents/INC-1/resolution")
            .set("resolution_code", "fixed");
        let form = form.set("resolution_text", "Renewed the certificate.");
        let more = incident(&app, &desk, "One more reader");
        under(&app, &desk.agent, &more, &parent).unwrap();
        let again = agent.send(&form).expect(409);
        again.assert_says("The family of INC-1 changed meanwhile");
        again.assert_says("One more reader");
        assert!(
            again.html().contains("Renewed the certificate."),
            "typed is kept"
        );
        assert_eq!(states(&app, &all), ["new"; 2]);
        // Looked at again, it is done; and posted twice it is done once.
        let form = again.form("/incidents/INC-1/resolution");
        agent.send(&form).expect(303);
        let done = facts();
        agent.send(&form).expect(303);
        assert_eq!(facts(), done);
        assert_eq!(states(&app, &all), ["resolved"; 2]);
        assert_eq!(app.record(more.id).state, "resolved");
        verified(&app);
    });
}

#[test]
fn the_parent_alone_where_that_is_wanted() {
    each_database(|app| {
        let desk = app.desk();
        let (_, all) = family(&app, &desk, 2);
        let agent = app.visit(&desk.agent);
        let page = agent.page("/incidents/INC-1/hold");
        let form = page.form("/incidents/INC-1/hold").set("family", "alone");
        let form = form.set("hold_reason", "supplier").set("supplier", "Acme");
        agent.send(&form.set("supplier_case", "1")).expect(303);
        assert_eq!(states(&app, &all), ["new"; 2]);
        let page = agent.page("/incidents/INC-1/resolution");
        let form = page
            .form("/incidents/INC-1/resolution")
            .set("family", "alone");
        let form = form.set("resolution_code", "fixed");
        agent
            .send(&form.set("resolution_text", "Renewed."))
            .expect(303);
        assert_eq!(states(&app, &all), ["new"; 2]);
        // A record without children has no such choice.
        let page = agent.page(&format!("{}/resolution", app.path(&all[0])));
        assert_eq!(
            page.form(&format!("{}/resolution", app.path(&all[0])))
                .value("plan"),
            None
        );
        verified(&app);
    });
}

/// What is written above, solving it or waiting for a supplier, stands in each record it flows down to:
/// in none that more people see.
#[test]
fn what_a_restricted_record_says_flows_down_to_no_record_that_everybody_sees() {
    each_database(|app| {
        let desk = app.desk();
        let (parent, all) = family(&app, &desk, 2);
        let below = incident(&app, &desk, "Below what everybody sees");
        under(&app, &desk.agent, &below, &all[1]).unwrap();
        for record in [&parent, &all[0]] {
            let named = [desk.agent.id];
            crate::restricted::restrict(&app, &desk.agent, record.number(), &named).unwrap();
        }
        let agent = app.visit(&desk.agent);
        let why = "It is not restricted, and what you write here would be copied to it.";
        for page in ["hold", "resolution"] {
            agent
                .page(&format!("{}/{page}", app.path(&parent)))
                .assert_says(why);
        }
        let held = shown(&app, &desk, &parent, Flow::Hold);
        hold(&app, &desk, &parent, &supplier(), &held).unwrap();
        assert_eq!(states(&app, &all), ["waiting", "new"]);
        resume(&app, &desk, &parent);
        let ended = shown(&app, &desk, &parent, Flow::End);
        resolve(&app, &desk, &parent, &ended).unwrap();
        assert_eq!(states(&app, &all), ["resolved", "new"]);
        assert_eq!(states(&app, &[below]), ["new"]);
        verified(&app);
    });
}
