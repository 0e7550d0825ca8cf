//! Deciding for somebody who is away.

use andon::approvals::actions::{self, Delegate};
use andon::approvals::terms::Count;
use andon::approvals::{Choice, Decision};
use andon::platform::kernel::error::Error;
use time::Duration;

use super::*;
use crate::app::each_database;
use crate::instants::verified;

fn lets(app: &App, from: &Human, to: &Human, days: i64) {
    let wanted = Delegate {
        to: Some(to.id),
        starts_at: Some(app.now()),
        ends_at: Some(app.now().plus(Duration::days(days))),
    };
    app.act(from, |w, v, ctx| actions::delegate(w, v, ctx, wanted))
        .unwrap();
}

/// Ends the one delegation that somebody gave.
fn takes_back(app: &App, from: &Human) {
    let client = app.visit(from);
    let form = client.page("/approvals/delegations").form("/end");
    client.send(&form).expect(303);
}

#[test]
fn a_delegate_decides_for_the_absent_and_the_record_says_so() {
    each_database(|app| {
        let desk = app.desk();
        keep(
            &app,
            &desk,
            &policy(vec![stage("Board", &[&desk.approver], Count::Any)]),
        );
        let record = change(&app, &desk);
        // Given on the page, to the end of a day; both are told.
        let client = app.visit(&desk.approver);
        let form = client
            .page("/approvals/delegations")
            .form("/approvals/delegations");
        let day: String = app.now().rfc3339().chars().take(10).collect();
        client.send(&form).expect(422).assert_says("Give a date.");
        let form = (form.set("to", &desk.administrator.id.to_string()))
            .set("starts", &day)
            .set("ends", &day);
        client.send(&form).expect(303);
        client
            .page("/approvals/delegations")
            .assert_says("Ada Admin decides for you");
        let stand_in = app.visit(&desk.administrator);
        stand_in
            .page("/approvals/delegations")
            .assert_says("You decide for Apu Voss");
        stand_in
            .page("/notices")
            .assert_says("Delegation: Apu Voss");

        submit(&app, &desk, &case(&desk, &record));
        stand_in.page("/approvals").assert_says("for Apu Voss");
        let form = stand_in.page(&page_of(&record)).form("/votes");
        stand_in.press(&form, "choice", "approve").expect(303);
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        client
            .page(&page_of(&record))
            .assert_says("said by Ada Admin");
        let history = format!("{}?tab=history", record.number().path());
        stand_in.page(&history).assert_says("Apu Voss");
        verified(&app);
    });
}

#[test]
fn a_delegation_gives_no_more_than_the_absent_has_and_is_over_when_it_is_over() {
    each_database(|app| {
        let desk = app.desk();
        let people = [&desk.approver, &desk.colleague];
        keep(
            &app,
            &desk,
            &policy(vec![stage("Board", &people, Count::All)]),
        );
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let key = |result: Result<Round>| match result {
            Err(Error::Refused(message)) => message.key,
            other => panic!("{other:?}"),
        };
        // Requester and implementer decide on their own for nobody.
        lets(&app, &desk.approver, &desk.requester, 3);
        let own = vote(&app, &desk.requester, &record, 1, (0, 0), Choice::Approve);
        assert_eq!(key(own), "approval-no-vote-own");
        takes_back(&app, &desk.approver);
        lets(&app, &desk.approver, &desk.agent, 3);
        let own = vote(&app, &desk.agent, &record, 1, (0, 0), Choice::Approve);
        assert_eq!(key(own), "approval-no-vote-own");
        // Nobody has two votes in a stage.
        takes_back(&app, &desk.approver);
        lets(&app, &desk.approver, &desk.colleague, 3);
        let two = vote(&app, &desk.colleague, &record, 1, (0, 0), Choice::Approve);
        assert_eq!(key(two), "approval-no-vote-sits");
        // No chains: whoever the stand-in lets decide has nothing of it, and sees nothing.
        takes_back(&app, &desk.approver);
        lets(&app, &desk.approver, &desk.other, 3);
        lets(&app, &desk.other, &desk.watcher, 3);
        roles(&app, &desk, &desk.other, Roles::APPROVER);
        roles(&app, &desk, &desk.watcher, Roles::APPROVER);
        app.visit(&desk.other).page(&page_of(&record));
        app.visit(&desk.watcher).get(&page_of(&record)).expect(404);
        // Over is over.
        app.travel(Duration::days(4));
        app.visit(&desk.other).get(&page_of(&record)).expect(404);
        verified(&app);
    });
}

/// Two of three, and both who are away let the same person decide: that is one human.
#[test]
fn one_human_never_counts_twice_in_a_stage() {
    each_database(|app| {
        let desk = app.desk();
        let people = [&desk.approver, &desk.colleague, &desk.manager];
        let mut board = stage("Board", &people, Count::Of(2));
        let second = app.human("Ivo Kern", Roles::APPROVER);
        board.alternates = vec![person(&desk.administrator).who, person(&second).who];
        keep(&app, &desk, &policy(vec![board]));
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        lets(&app, &desk.approver, &desk.administrator, 3);
        lets(&app, &desk.colleague, &desk.administrator, 3);
        let both = &desk.administrator;
        vote(&app, both, &record, 1, (0, 0), Choice::Approve).unwrap();
        match vote(&app, both, &record, 1, (0, 1), Choice::Approve) {
            Err(Error::Refused(message)) => assert_eq!(message.key, "approval-no-vote-spoke"),
            other => panic!("{other:?}"),
        }
        let page = app.visit(both).page(&page_of(&record));
        assert!(!page.has_form("/votes"), "it is not offered either");
        // Nor do they take the seat of somebody who leaves: the next alternate does.
        disable(&app, &desk, desk.manager.id);
        let own = vote(&app, both, &record, 1, (0, 2), Choice::Approve);
        assert!(own.is_err(), "{own:?}");
        assert_eq!(decision(&app, &record), None);
        vote(&app, &second, &record, 1, (0, 2), Choice::Approve).unwrap();
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        verified(&app);
    });
}

fn live_in(app: &App, desk: &Desk, who: &Human, zone: &str) {
    use andon::people::actions::{By, edit_person};
    use andon::people::meanwhile::Edit;
    use andon::people::{PersonForm, find_person};
    let seen = PersonForm::of(&app.read(|conn| find_person(conn, who.id)));
    let asked = PersonForm {
        zone: zone.to_owned(),
        ..seen.clone()
    };
    let edit = Edit { seen, asked };
    app.act(&desk.administrator, |w, v, ctx| {
        edit_person(w, By::Visitor(v), ctx, who.id, &edit)
    })
    .unwrap();
}

/// Both see the days that were chosen, wherever each lives; the last one is whole.
#[test]
fn a_delegation_is_shown_by_its_first_and_last_day_as_chosen() {
    each_database(|app| {
        let desk = app.desk();
        for (who, zone) in [
            (&desk.approver, "Europe/Paris"),
            (&desk.colleague, "America/New_York"),
        ] {
            live_in(&app, &desk, who, zone);
        }
        let giver = app.visit(&desk.approver);
        let form = giver
            .page("/approvals/delegations")
            .form("/approvals/delegations")
            .set("to", &desk.colleague.id.to_string())
            .set("starts", "2099-03-27")
            .set("ends", "2099-03-29");
        giver.send(&form).expect(303);
        for who in [&desk.approver, &desk.colleague] {
            let page = app.visit(who).page("/approvals/delegations");
            page.assert_says("27 Mar 2099 – 29 Mar 2099");
            assert!(!page.html().contains("30 Mar 2099"));
        }
        verified(&app);
    });
}

#[test]
fn nobody_has_two_stand_ins_on_one_day() {
    each_database(|app| {
        let desk = app.desk();
        lets(&app, &desk.approver, &desk.administrator, 3);
        let again = |from: i64, to: i64| {
            let wanted = Delegate {
                to: Some(desk.manager.id),
                starts_at: Some(app.now().plus(Duration::days(from))),
                ends_at: Some(app.now().plus(Duration::days(to))),
            };
            app.act(&desk.approver, |w, v, ctx| {
                actions::delegate(w, v, ctx, wanted)
            })
        };
        for (from, to) in [(2, 4), (-1, 1), (1, 2), (-1, 9)] {
            let Err(Error::Invalid(bad)) = again(from, to) else {
                panic!("{from} to {to} was taken");
            };
            assert_eq!(bad.of("starts").unwrap().key, "delegation-overlaps");
        }
        again(3, 5).unwrap();
        // What somebody else lets one do is no hindrance.
        lets(&app, &desk.administrator, &desk.manager, 2);
        verified(&app);
    });
}
