//! From raising an action item to closing its post-mortem.

use andon::follow::practice_of;
use andon::platform::kernel::error::Error;
use andon::postmortems::{self, PlanItem};
use andon::records::actions::Resolve;
use andon::records::{Kind, actions};
use time::Duration;

use super::{about, numbered, over, raised, scene, to, try_raise, verify, wanted};
use crate::app::{App, Desk, each_database};
use crate::changes::why;
use crate::instants::{tampered, verified};
use crate::restricted::restrict;

#[test]
fn raised_from_a_post_mortem_into_its_owners_work() {
    each_database(|app| {
        let desk = app.desk();
        let incident = about(&app, &desk, "Card payments lost", true);
        over(&app, &desk.agent, &[&incident]);
        let agent = app.visit(&desk.agent);
        agent
            .page("/postmortems/PM-1")
            .assert_says("Raise an action item");
        let page = agent.page("/postmortems/PM-1/actions");
        let form = page.form("/postmortems/PM-1/actions");
        // A date is proposed, and the post-mortem's team.
        assert!(form.value("due_at").is_some_and(|at| !at.is_empty()));
        let colleague = desk.colleague.id.to_string();
        let form = form
            .set("owner", &colleague)
            .set("verification", "A drill on Tuesday");
        // What is missing is said, and nothing typed is lost.
        let again = agent.send(&form.clone().set("title", "")).expect(422);
        again.assert_says("A drill on Tuesday");
        let past = form
            .clone()
            .set("title", "Alert on memory")
            .set("kind", "detect")
            .set("due_at", "2020-01-02T03:04");
        agent
            .send(&past)
            .expect(422)
            .assert_says("This is over already");
        let form = form.set("title", "Alert on memory").set("kind", "detect");
        let done = agent.send(&form).expect(303);
        assert_eq!(done.location(), "/postmortems/PM-1#actions");
        let page = agent.page("/postmortems/PM-1");
        page.assert_says("ACT-1");
        page.assert_says("0 of 1 done");
        page.assert_says("Ben Okafor");
        // A place in the owner's work: their queue, the list by due dates, and a notice.
        let owner = app.visit(&desk.colleague);
        owner
            .page("/queue?view=mine")
            .assert_says("Alert on memory");
        owner.page("/queue?view=action").assert_says("ACT-1");
        owner.page("/actions").assert_says("ACT-1");
        agent.page("/actions").assert_says("No action items here");
        agent.page("/actions?whose=all").assert_says("ACT-1");
        owner
            .page("/notices")
            .assert_says("An action item is yours");
        let page = owner.page("/actions/ACT-1");
        page.assert_says("A drill on Tuesday");
        page.assert_says("PM-1");
        page.assert_says("Detect");
        // The incident says how far they are.
        agent.page(&app.path(&incident)).assert_says("0 of 1 done");
        verified(&app);
    });
}

/// Five, of which three are done and two late; one that is restricted counts for nobody else.
#[test]
fn the_incident_says_three_of_five_done_two_overdue() {
    each_database(|app| {
        let desk = app.desk();
        let incident = about(&app, &desk, "Card payments lost", true);
        let postmortem = over(&app, &desk.agent, &[&incident]);
        for n in 0..5 {
            let wanted = wanted(&app, Some(desk.agent.id), 3 + n);
            try_raise(&app, &desk.agent, postmortem.number(), &wanted).unwrap();
        }
        for n in 1..=3 {
            to(&app, &desk.agent, numbered(Kind::Action, n), "done");
        }
        app.travel(Duration::days(20));
        let agent = app.visit(&desk.agent);
        for path in [app.path(&incident), app.path(&postmortem)] {
            agent.page(&path).assert_says("3 of 5 done, 2 overdue");
        }
        let named = [desk.agent.id];
        restrict(&app, &desk.agent, numbered(Kind::Action, 5), &named).unwrap();
        let colleague = app.visit(&desk.colleague);
        for path in [app.path(&incident), app.path(&postmortem)] {
            colleague.page(&path).assert_says("3 of 4 done, 1 overdue");
        }
        verified(&app);
    });
}

#[test]
fn closed_means_published_with_every_action_verified_or_declined() {
    each_database(|app| {
        let desk = app.desk();
        let (_, postmortem, first) = scene(&app, &desk);
        let second = raised(&app, &desk, &postmortem);
        published(&app, &postmortem);
        let state = || app.record(postmortem.id).state;
        to(&app, &desk.agent, first.number(), "in_progress");
        // Not done yet: nothing is verified.
        assert_eq!(
            why(verify(&app, &desk.agent, first.number())),
            "action-not-done"
        );
        to(&app, &desk.agent, first.number(), "done");
        assert_eq!(
            app.count("SELECT count(*) FROM action_items WHERE done_at IS NOT NULL"),
            1
        );
        // Taken up again, it is not done.
        to(&app, &desk.agent, first.number(), "in_progress");
        assert_eq!(
            app.count("SELECT count(*) FROM action_items WHERE done_at IS NOT NULL"),
            0
        );
        to(&app, &desk.agent, first.number(), "done");
        let agent = app.visit(&desk.agent);
        let path = "/actions/ACT-1/verification";
        let form = agent.page(path).form(path);
        agent
            .send(&form.clone())
            .expect(422)
            .assert_says("Say what was seen");
        agent
            .send(&form.set("verification_seen", "It fired on Tuesday"))
            .expect(303);
        agent
            .page("/actions/ACT-1")
            .assert_says("It fired on Tuesday");
        assert_eq!(state(), "published");
        // Won't do, with a reason.
        let declined = |text: &str| {
            let command = Resolve {
                code: "wont_do".into(),
                text: text.into(),
            };
            app.act(&desk.agent, |w, v, ctx| {
                actions::cancel(
                    w,
                    v,
                    ctx,
                    practice_of(Kind::Action),
                    second.number(),
                    &command,
                )
            })
        };
        assert_eq!(why(declined("")), "error-required");
        assert_eq!(
            declined("The gateways go next week").unwrap().state,
            "declined"
        );
        assert_eq!(state(), "closed");
        // A new one takes it up again.
        let third = raised(&app, &desk, &postmortem);
        assert_eq!(state(), "published");
        to(&app, &desk.agent, third.number(), "done");
        verify(&app, &desk.manager, third.number()).unwrap();
        assert_eq!(state(), "closed");
        assert_eq!(
            why(verify(&app, &desk.manager, third.number())),
            "action-not-done"
        );
        verified(&app);
        for (field, value) in [
            ("verification", "'x'"),
            ("done_at", "NULL"),
            ("seen", "'y'"),
        ] {
            let sql =
                format!("UPDATE action_items SET {field} = {value} WHERE done_at IS NOT NULL");
            let lines = tampered(&app, &sql);
            assert!(
                lines.iter().any(|line| line.contains(field)),
                "{field}: {lines:#?}"
            );
        }
    });
}

/// Straight to where closing begins, past the review, which has stories of its own.
fn published(app: &App, postmortem: &andon::records::Record) {
    for to in ["facts_agreed", "in_review", "published"] {
        let before = app.record(postmortem.id);
        app.write(|w| {
            let ctx = andon::platform::kernel::ctx::Ctx::system(
                app.now(),
                andon::platform::kernel::ctx::Door::Worker,
            );
            let practice = practice_of(Kind::Postmortem);
            let none = Vec::new();
            actions::advance_by_itself(w, &ctx, practice, &before, to, none)
        });
    }
}

#[test]
fn reminded_ahead_on_the_day_and_weekly_each_once() {
    each_database(|app| {
        let desk = app.desk();
        let (_, postmortem, _) = scene(&app, &desk);
        let nobodys = wanted(&app, None, 30);
        try_raise(&app, &desk.agent, postmortem.number(), &nobodys).unwrap();
        let told = || app.count("SELECT count(*) FROM facts WHERE name = 'action.reminded'");
        for (days, n, said) in [
            (26, 0, ""),
            (1, 2, "Due in three days"),
            (1, 2, ""),
            (2, 4, "Due now"),
            (6, 4, ""),
            (1, 6, "Overdue"),
            (20, 8, "Overdue"),
        ] {
            app.travel(Duration::days(days));
            app.work();
            app.work();
            assert_eq!(told(), n, "{days} {said}");
            if !said.is_empty() {
                // A session does not last that long.
                app.visit(&desk.agent).page("/notices").assert_says(said);
                // One that nobody has is told to the team.
                app.visit(&desk.colleague)
                    .page("/notices")
                    .assert_says(said);
            }
        }
        // Another day is another reminder; what is done needs none.
        let act = numbered(Kind::Action, 1);
        let plan = PlanItem {
            seen: i64::MAX,
            due_at: Some(Some(app.now().plus(Duration::days(2)))),
            ..PlanItem::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            postmortems::plan_item(w, v, ctx, act, &plan)
        })
        .unwrap();
        to(&app, &desk.agent, numbered(Kind::Action, 2), "done");
        app.work();
        assert_eq!(told(), 9);
        app.travel(Duration::days(60));
        to(&app, &desk.agent, act, "done");
        app.work();
        assert_eq!(told(), 9);
        verified(&app);
    });
}

#[test]
fn two_plan_at_once_and_each_is_told() {
    each_database(|app| {
        let desk = app.desk();
        scene(&app, &desk);
        let (one, two) = (app.visit(&desk.agent), app.visit(&desk.colleague));
        let path = "/actions/ACT-1/plan";
        let (mine, theirs) = (one.page(path).form(path), two.page(path).form(path));
        let late = one.page(path).form(path);
        two.send(&theirs.set("verification", "A restore is tried"))
            .expect(303);
        // Another field: both stand.
        one.send(&mine.set("kind", "mitigate")).expect(303);
        let page = one.page("/actions/ACT-1");
        page.assert_says("A restore is tried");
        page.assert_says("Mitigate");
        let again = one
            .send(&late.set("verification", "The pager rings"))
            .expect(422);
        again.assert_says("A restore is tried");
        again.assert_says("The pager rings");
        one.send(&again.form(path)).expect(303);
        one.page("/actions/ACT-1").assert_says("The pager rings");
        one.page("/actions/ACT-1?tab=history")
            .assert_says("A restore is tried");
        verified(&app);
    });
}

#[test]
fn owner_left_and_the_action_goes_to_the_team() {
    each_database(|app| {
        let desk = app.desk();
        let (_, _, action) = scene(&app, &desk);
        to(&app, &desk.agent, action.number(), "done");
        let admin = app.visit(&desk.administrator);
        let path = format!("/settings/people/{}/leaving", desk.agent.id);
        let form = admin.page(&path).form(&path);
        let form = form.set("to", "teams");
        admin.send(&form).expect(303);
        let now = app.record(action.id);
        assert_eq!((now.assignee_id, now.team_id), (None, Some(desk.desk)));
        assert_eq!(now.state, "done");
        app.visit(&desk.colleague)
            .page("/actions?whose=teams")
            .assert_says("ACT-1");
        // Nobody who left is given another.
        let (_, wanted) = ((), wanted(&app, Some(desk.disabled.id), 30));
        let pm = numbered(Kind::Postmortem, 1);
        let refused = try_raise(&app, &desk.colleague, pm, &wanted);
        assert_eq!(why(refused), "assignee-cannot-work");
        verified(&app);
    });
}

#[test]
fn what_comes_of_a_restricted_post_mortem_is_restricted() {
    each_database(|app| {
        let desk = app.desk();
        let (incident, postmortem, action) = scene(&app, &desk);
        let named = [desk.agent.id];
        let colleague = app.visit(&desk.colleague);
        colleague
            .page("/actions/ACT-1")
            .assert_says("Alert on memory");
        restrict(&app, &desk.agent, postmortem.number(), &named).unwrap();
        colleague.get(&app.path(&action)).expect(404);
        raised(&app, &desk, &postmortem);
        for path in [
            "/actions/ACT-2",
            "/actions/ACT-2/plan",
            "/actions/ACT-2/verification",
        ] {
            colleague.get(path).expect(404);
        }
        assert!(!colleague.page("/actions?whose=all").text().contains("ACT-"));
        assert!(
            !colleague
                .page(&app.path(&incident))
                .text()
                .contains("of 2 done")
        );
        app.visit(&desk.agent)
            .page(&app.path(&incident))
            .assert_says("0 of 2 done");
        // Somebody it does not exist for owns none of them.
        let wanted = wanted(&app, Some(desk.colleague.id), 30);
        let refused = try_raise(&app, &desk.agent, postmortem.number(), &wanted);
        assert_eq!(why(refused), "postmortem-not-for-them");
        let hidden = try_raise(&app, &desk.colleague, postmortem.number(), &wanted);
        assert!(matches!(hidden, Err(Error::NotFound)));
        verified(&app);
    });
}

#[test]
fn requesters_see_none() {
    each_database(|app| {
        let desk: Desk = app.desk();
        let (incident, ..) = scene(&app, &desk);
        let requester = app.visit(&desk.requester);
        requester.get("/actions").expect(403);
        requester.get("/actions/ACT-1").expect(404);
        let own = requester
            .page(&format!("/portal/{}", incident.number()))
            .text();
        assert!(!own.contains("ACT-1") && !own.contains("of 1 done"));
    });
}
