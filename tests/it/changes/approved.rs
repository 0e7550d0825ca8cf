//! The authorisation law: what was approved is what is done.

use andon::approvals::actions::{self as approvals, Vote, Wanted};
use andon::approvals::terms::{Count, Covers, Entry, Part, Policy, Stage, Who};
use andon::approvals::{Choice, standing};
use andon::changes::{self, ChangeType};
use andon::people::meanwhile::Edit;
use andon::records::{Number, actions};
use time::Duration;

use super::{plan, raise, start, tomorrow, why};
use crate::app::{App, Desk, Human, each_database};
use crate::instants::verified;
use crate::library::task_on;

/// One stage: the approver.
pub fn policy(app: &App, desk: &Desk) {
    policy_of(app, desk, &desk.approver);
}

/// One stage: this person.
fn policy_of(app: &App, desk: &Desk, who: &Human) {
    let stage = Stage {
        key: "one".into(),
        name: "One".into(),
        after: Vec::new(),
        seats: vec![Entry {
            who: Who::Person(who.id.uuid()),
            mandatory: false,
            veto: false,
        }],
        count: Count::All,
        alternates: Vec::new(),
        meeting: false,
        reopened_by: Part::USUAL.to_vec(),
        deadline: None,
        reminder: None,
        reauthenticate: false,
    };
    let wanted = Wanted {
        id: None,
        policy: Policy {
            name: "Changes".into(),
            covers: Covers {
                record: "change".into(),
                ..Covers::default()
            },
            stages: vec![stage],
        },
    };
    app.act(&desk.administrator, |w, v, ctx| {
        approvals::save_policy(w, v, ctx, &wanted)
    })
    .unwrap();
}

pub fn submitted(app: &App, desk: &Desk, number: Number) {
    app.act(&desk.manager, |w, v, ctx| {
        changes::assess(w, v, ctx, number)
    })
    .unwrap();
    let record = app
        .act(&desk.manager, |w, v, ctx| {
            changes::submit(w, v, ctx, number)
        })
        .unwrap();
    assert_eq!(record.state, "awaiting_approval");
}

pub fn vote(app: &App, desk: &Desk, number: Number, choice: Choice) {
    let now = app.now();
    let record = app
        .act(&desk.manager, |w, v, _| {
            andon::records::find_visible(w, v, number)
        })
        .unwrap();
    let round = app.read(|r| standing(r, record.id, now)).unwrap().number;
    let vote = Vote {
        stage: 0,
        seat: 0,
        choice: Some(choice),
        text: "Well".into(),
        confirmed: None,
    };
    app.act(&desk.approver, |w, v, ctx| {
        approvals::vote(w, v, ctx, number, round, &vote)
    })
    .unwrap();
}

#[test]
fn a_normal_change_is_scheduled_only_when_this_very_content_was_approved() {
    each_database(|app| {
        let desk = app.desk();
        policy(&app, &desk);
        let number = tomorrow(&app, &desk, "Upgrade the gateways").number();
        let schedule = || {
            app.act(&desk.manager, |w, v, ctx| {
                changes::schedule(w, v, ctx, number)
            })
        };
        assert_eq!(why(schedule()), "move-not-possible");
        submitted(&app, &desk, number);
        assert_eq!(why(schedule()), "change-round-not-approved");
        // Kept by ids, read by names.
        let page = app
            .visit(&desk.approver)
            .page(&format!("{}/approval", number.path()));
        page.assert_says("Ben Okafor");
        page.assert_says("A few people");
        assert!(!page.text().contains(&desk.colleague.id.to_string()));
        vote(&app, &desk, number, Choice::Approve);
        // Approving one thing and doing another.
        let seen = plan(&app, &desk, ChangeType::Normal, 24, 26);
        let asked = changes::PlanForm {
            backout_plan: "There is none".into(),
            ..seen.clone()
        };
        let edit = |seen: &changes::PlanForm, asked: &changes::PlanForm| {
            let edit = Edit {
                seen: seen.clone(),
                asked: asked.clone(),
            };
            app.act(&desk.agent, |w, v, ctx| {
                changes::edit_plan(w, v, ctx, number, &edit)
            })
            .unwrap();
        };
        edit(&seen, &asked);
        assert_eq!(why(schedule()), "move-not-possible");
        submitted(&app, &desk, number);
        vote(&app, &desk, number, Choice::Approve);
        assert_eq!(schedule().unwrap().state, "scheduled");
        // Edited once it is scheduled, it is a draft again, and nobody starts it.
        edit(&asked, &seen);
        assert_eq!(
            app.count("SELECT count(*) FROM records WHERE state = 'draft'"),
            1
        );
        app.travel(Duration::hours(25));
        assert_eq!(why(start(&app, &desk, number)), "move-not-possible");
        verified(&app);
    });
}

#[test]
fn rejected_rests_until_its_requester_takes_it_up() {
    each_database(|app| {
        let desk = app.desk();
        policy(&app, &desk);
        let number = tomorrow(&app, &desk, "Upgrade the gateways").number();
        submitted(&app, &desk, number);
        vote(&app, &desk, number, Choice::Reject);
        let revise = |who| app.act(who, |w, v, ctx| changes::revise(w, v, ctx, number));
        let other = revise(&desk.manager);
        assert_eq!(why(other), "forbidden");
        assert_eq!(revise(&desk.agent).unwrap().state, "draft");
        assert_eq!(
            app.count("SELECT count(*) FROM changes WHERE revision = 2"),
            1
        );
        verified(&app);
    });
}

#[test]
fn without_a_policy_or_a_plan_nobody_is_asked() {
    each_database(|app| {
        let desk = app.desk();
        let number = tomorrow(&app, &desk, "Upgrade the gateways").number();
        app.act(&desk.manager, |w, v, ctx| {
            changes::assess(w, v, ctx, number)
        })
        .unwrap();
        let submitted = app.act(&desk.manager, |w, v, ctx| {
            changes::submit(w, v, ctx, number)
        });
        assert_ne!(why(submitted), "done");
        let mut bare = plan(&app, &desk, ChangeType::Normal, 24, 26);
        bare.backout_plan = String::new();
        let number = raise(&app, &desk, "Without a way back", bare).number();
        let assessed = app.act(&desk.manager, |w, v, ctx| {
            changes::assess(w, v, ctx, number)
        });
        assert_eq!(why(assessed), "change-backout-missing");
        let by_agent = app.act(&desk.agent, |w, v, ctx| changes::assess(w, v, ctx, number));
        assert_eq!(why(by_agent), "forbidden");
        verified(&app);
    });
}

/// Whoever raised it never decides on it, whoever is named as its requester since.
#[test]
fn another_requester_makes_nobody_their_own_approver() {
    each_database(|app| {
        let desk = app.desk();
        policy_of(&app, &desk, &desk.agent);
        let number = tomorrow(&app, &desk, "Upgrade the gateways").number();
        let edit = actions::Edit {
            seen: i64::MAX,
            requester: Some(Some(desk.other.id)),
            ..actions::Edit::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::edit(w, v, ctx, number, &edit)
        })
        .unwrap();
        app.act(&desk.manager, |w, v, ctx| {
            changes::assess(w, v, ctx, number)
        })
        .unwrap();
        let submitted = app.act(&desk.manager, |w, v, ctx| {
            changes::submit(w, v, ctx, number)
        });
        assert_ne!(why(submitted), "done");
    });
}

#[test]
fn a_task_that_was_added_since_was_not_approved() {
    each_database(|app| {
        let desk = app.desk();
        policy(&app, &desk);
        let number = tomorrow(&app, &desk, "Upgrade the gateways").number();
        submitted(&app, &desk, number);
        vote(&app, &desk, number, Choice::Approve);
        task_on(&app, &desk.agent, number, "Format the disk");
        let scheduled = app.act(&desk.manager, |w, v, ctx| {
            changes::schedule(w, v, ctx, number)
        });
        assert_eq!(why(scheduled), "move-not-possible");
        verified(&app);
    });
}

/// What was approved as one type is not begun as another, nor as another revision.
#[test]
fn an_approval_does_not_follow_a_change_to_another_type() {
    each_database(|app| {
        let desk = app.desk();
        policy(&app, &desk);
        let number = tomorrow(&app, &desk, "Upgrade the gateways").number();
        submitted(&app, &desk, number);
        vote(&app, &desk, number, Choice::Approve);
        app.act(&desk.agent, |w, v, ctx| changes::revise(w, v, ctx, number))
            .unwrap();
        let seen = plan(&app, &desk, ChangeType::Normal, 24, 26);
        let asked = changes::PlanForm {
            change_type: ChangeType::Emergency.word().into(),
            ..seen.clone()
        };
        let edit = Edit { seen, asked };
        app.act(&desk.agent, |w, v, ctx| {
            changes::edit_plan(w, v, ctx, number, &edit)
        })
        .unwrap();
        app.travel(Duration::hours(25));
        assert_eq!(why(start(&app, &desk, number)), "move-not-possible");
        verified(&app);
    });
}

/// Pitfall: approvers who read one thing while another is planned.
#[test]
fn what_is_altered_while_a_round_is_open_ends_it_and_is_asked_again() {
    each_database(|app| {
        let desk = app.desk();
        policy(&app, &desk);
        let number = tomorrow(&app, &desk, "Upgrade the gateways").number();
        let state = || {
            app.act(&desk.manager, |w, v, _| {
                andon::records::find_visible(w, v, number)
            })
            .unwrap()
            .state
        };
        let closed =
            || app.count("SELECT count(*) FROM facts WHERE name = 'approval.round_closed'");
        submitted(&app, &desk, number);
        app.visit(&desk.agent)
            .page(&format!("{}/plan", number.path()))
            .assert_says("back to draft as the next revision");
        let seen = plan(&app, &desk, ChangeType::Normal, 24, 26);
        let asked = changes::PlanForm {
            test_plan: "Send two mails".into(),
            ..seen.clone()
        };
        let edit = Edit { seen, asked };
        let edited = app.act(&desk.agent, |w, v, ctx| {
            changes::edit_plan(w, v, ctx, number, &edit)
        });
        assert_eq!(edited.unwrap().state, "draft");
        assert_eq!(closed(), 1);
        submitted(&app, &desk, number);
        let titled = actions::Edit {
            seen: i64::MAX,
            title: Some("Format the gateways".into()),
            ..actions::Edit::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            actions::edit(w, v, ctx, number, &titled)
        })
        .unwrap();
        assert_eq!((state().as_str(), closed()), ("draft", 2));
        submitted(&app, &desk, number);
        let task = task_on(&app, &desk.agent, number, "Format the disk");
        assert_eq!((state().as_str(), closed()), ("draft", 3));
        // Nor is any of the work done before it begins.
        let done = app.act(&desk.agent, |w, v, ctx| {
            actions::finish_task(w, v, ctx, number, task.parse().unwrap())
        });
        assert_eq!(why(done), "change-tasks-not-yet");
        verified(&app);
    });
}
