//! Windows that move: inside their bounds, into another's way, beyond their end.

use andon::approvals::Choice;
use andon::changes::{self, ChangeType, PlanForm, PolicyForm};
use andon::people::meanwhile::Edit;
use andon::platform::kernel::error::Result;
use andon::records::{Number, Record};
use time::Duration;

use super::approved::{policy, submitted, vote};
use super::{freeze, plan, raise, scheduled, start, template, why};
use crate::app::{App, Desk, each_database};
use crate::instants::{ago, verified};

/// The same plan in another window.
fn at(app: &App, desk: &Desk, seen: &PlanForm, from: i64, to: i64) -> PlanForm {
    let of = plan(app, desk, ChangeType::Normal, from, to);
    PlanForm {
        window_starts_at: of.window_starts_at,
        window_ends_at: of.window_ends_at,
        ..seen.clone()
    }
}

fn edit(
    app: &App,
    desk: &Desk,
    number: Number,
    seen: &PlanForm,
    asked: &PlanForm,
) -> Result<Record> {
    let edit = Edit {
        seen: seen.clone(),
        asked: asked.clone(),
    };
    app.act(&desk.agent, |w, v, ctx| {
        changes::edit_plan(w, v, ctx, number, &edit)
    })
}

/// The bounds are what is approved: moving inside them asks the freezes and nobody's vote.
#[test]
fn a_window_moves_inside_its_bounds_without_a_vote_and_outside_with_one() {
    each_database(|app| {
        let desk = app.desk();
        policy(&app, &desk);
        let bare = plan(&app, &desk, ChangeType::Normal, 24, 26);
        let wide = plan(&app, &desk, ChangeType::Normal, 20, 40);
        let narrow = plan(&app, &desk, ChangeType::Normal, 25, 40);
        let bounded = |of: &PlanForm| PlanForm {
            bounds_starts_at: of.window_starts_at.clone(),
            bounds_ends_at: of.window_ends_at.clone(),
            ..bare.clone()
        };
        let odd = super::try_raise(&app, &desk.agent, "Odd", bounded(&narrow));
        assert_eq!(why(odd), "change-bounds-around");
        let seen = bounded(&wide);
        let number = raise(&app, &desk, "Upgrade the gateways", seen.clone()).number();
        submitted(&app, &desk, number);
        vote(&app, &desk, number, Choice::Approve);
        app.act(&desk.manager, |w, v, ctx| {
            changes::schedule(w, v, ctx, number)
        })
        .unwrap();
        let moved = at(&app, &desk, &seen, 30, 32);
        assert_eq!(
            edit(&app, &desk, number, &seen, &moved).unwrap().state,
            "scheduled"
        );
        // Outside its bounds it is not even understood, and with others it is a draft again.
        let outside = at(&app, &desk, &moved, 41, 43);
        assert_eq!(
            why(edit(&app, &desk, number, &moved, &outside)),
            "change-bounds-around"
        );
        freeze(&app, &desk, "Peak trading", 34, 36);
        let frozen = at(&app, &desk, &moved, 34, 36);
        assert_eq!(
            edit(&app, &desk, number, &moved, &frozen).unwrap().state,
            "draft"
        );
        verified(&app);
    });
}

#[test]
fn outside_its_bounds_every_stage_is_asked_again() {
    each_database(|app| {
        let desk = app.desk();
        policy(&app, &desk);
        let seen = plan(&app, &desk, ChangeType::Normal, 24, 26);
        let number = raise(&app, &desk, "Upgrade the gateways", seen.clone()).number();
        submitted(&app, &desk, number);
        vote(&app, &desk, number, Choice::Approve);
        let later = at(&app, &desk, &seen, 48, 50);
        edit(&app, &desk, number, &seen, &later).unwrap();
        let schedule = app.act(&desk.manager, |w, v, ctx| {
            changes::schedule(w, v, ctx, number)
        });
        assert_eq!(why(schedule), "move-not-possible");
        verified(&app);
    });
}

/// What collides is advice, or stops a change, as the policy says; the page of the policy says which.
#[test]
fn a_conflict_stops_a_change_where_the_policy_says_so_and_names_the_other() {
    each_database(|app| {
        let desk = app.desk();
        let one = scheduled(&app, &desk, "The first", 24, 26);
        let client = app.visit(&desk.manager);
        let form = client.page("/changes/policy").form("/changes/policy");
        let hours = form.clone().set("change_confirm_hours", "0");
        client.send(&hours).expect(422);
        client
            .send(&form.set("change_blocking", "same_implementer"))
            .expect(303);
        let raise = changes::Raise {
            title: "The second".into(),
            template: Some(template(&app, &desk)),
            plan: plan(&app, &desk, ChangeType::Standard, 25, 27),
            ..changes::Raise::default()
        };
        let two = app
            .act(&desk.agent, |w, v, ctx| changes::raise(w, v, ctx, &raise))
            .unwrap();
        let schedule = || {
            app.act(&desk.agent, |w, v, ctx| {
                changes::schedule(w, v, ctx, two.number())
            })
        };
        assert_eq!(why(schedule()), "change-conflict-blocks");
        let agent = app.visit(&desk.agent);
        let key = uuid::Uuid::new_v4().to_string();
        let path = format!("{}/scheduling", two.number().path());
        let refused = agent.post(&path, &[("form_key", &key)]);
        refused.expect(409).assert_says(&one.number().to_string());
        let advice = PolicyForm {
            change_blocking: String::new(),
            change_confirm_hours: "24".into(),
        };
        let now = PolicyForm {
            change_blocking: "same_implementer".into(),
            ..advice.clone()
        };
        let edit = Edit {
            seen: now,
            asked: advice,
        };
        app.act(&desk.manager, |w, v, ctx| {
            changes::edit_policy(w, v, ctx, &edit)
        })
        .unwrap();
        schedule().unwrap();
        // The other side says so too, and its implementer is told.
        let found = "SELECT count(*) FROM facts WHERE name = 'change.conflict_found'";
        assert_eq!(app.count(found), 1);
        let notices = app.visit(&desk.colleague).page("/notices");
        notices.assert_says("Another change has come in its way");
        notices.assert_says(&one.number().to_string());
        app.visit(&desk.agent)
            .page(&one.number().path())
            .assert_says(&two.number().to_string());
        verified(&app);
    });
}

/// Checked again whenever either side moves.
#[test]
fn moving_into_anothers_way_is_said_to_both() {
    each_database(|app| {
        let desk = app.desk();
        let one = scheduled(&app, &desk, "The one that stays", 24, 26).number();
        let two = scheduled(&app, &desk, "The one that moves", 30, 32).number();
        let found = "SELECT count(*) FROM facts WHERE name = 'change.conflict_found'";
        assert_eq!(app.count(found), 0);
        let seen = plan(&app, &desk, ChangeType::Standard, 30, 32);
        let moved = at(&app, &desk, &seen, 25, 27);
        edit(&app, &desk, two, &seen, &moved).unwrap();
        assert_eq!(app.count(found), 1);
        let again = at(&app, &desk, &seen, 25, 28);
        edit(&app, &desk, two, &moved, &again).unwrap();
        assert_eq!(app.count(found), 1);
        app.visit(&desk.agent)
            .page(&one.path())
            .assert_says(&two.to_string());
        verified(&app);
    });
}

#[test]
fn work_that_takes_longer_asks_for_an_end_and_tells_those_who_come_after() {
    each_database(|app| {
        let desk = app.desk();
        let long = scheduled(&app, &desk, "The one that takes longer", 1, 5).number();
        let after = scheduled(&app, &desk, "The one after", 6, 8).number();
        app.travel(Duration::hours(2));
        start(&app, &desk, long).unwrap();
        app.work();
        let overran = "SELECT count(*) FROM facts WHERE name = 'change.overran'";
        assert_eq!(app.count(overran), 0);
        app.travel(Duration::minutes(3 * 60 + 30));
        app.work();
        app.work();
        assert_eq!(app.count(overran), 1);
        let notices = app.visit(&desk.colleague).page("/notices");
        notices.assert_says("Say when it ends");
        notices.assert_says("Another change has come in its way");
        notices.assert_says(&after.to_string());
        let client = app.visit(&desk.colleague);
        let path = format!("{}/end", long.path());
        let form = client.page(&path).form("/end");
        let past = form.clone().set("expected_ends_at", &ago(&app, 60));
        client
            .send(&past)
            .expect(422)
            .assert_says("This lies ahead");
        client
            .send(&form.set("expected_ends_at", &ago(&app, -180)))
            .expect(303);
        client.page(&long.path()).assert_says("Expected end");
        client.page(&after.path()).assert_says(&long.to_string());
        app.travel(Duration::hours(4));
        app.work();
        assert_eq!(app.count(overran), 2);
        verified(&app);
    });
}
