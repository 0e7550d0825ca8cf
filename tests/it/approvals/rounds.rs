//! Opening rounds, voting, what is asked again, who sits.

use andon::approvals::terms::{Count, Part, Who};
use andon::approvals::{Choice, Decision};
use andon::platform::kernel::error::Error;

use super::*;
use crate::app::each_database;
use crate::instants::verified;

#[test]
fn a_change_is_approved_by_whoever_its_policy_names() {
    each_database(|app| {
        let desk = app.desk();
        keep(
            &app,
            &desk,
            &policy(vec![stage(
                "Board",
                &[&desk.approver, &desk.colleague],
                Count::All,
            )]),
        );
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        assert_eq!(decision(&app, &record), None);

        // My approvals is an approver's first page; from there to the change and a press.
        let client = app.visit(&desk.approver);
        assert_eq!(client.get("/").location(), "/approvals");
        let mine = client.page("/approvals");
        mine.assert_says("Upgrade the gateways");
        let page = client.page(&page_of(&record));
        for words in [
            "Upgrade the gateways",
            "One at a time",
            "Board",
            "2 of 2",
            "Waiting",
        ] {
            page.assert_says(words);
        }
        let form = page.form("/votes");
        let voted = client.press(&form, "choice", "approve");
        client
            .follow(&voted.expect(303))
            .assert_says("Your vote is counted");
        assert_eq!(decision(&app, &record), None);
        client
            .page("/approvals")
            .assert_says("Nothing waits for you");

        vote(&app, &desk.colleague, &record, 1, (0, 1), Choice::Approve).unwrap();
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        let history = app.visit(&desk.manager);
        let history = history.page(&format!("{}?tab=history", record.number().path()));
        for words in [
            "Approval asked for",
            "Voted",
            "Approval decided",
            "Approved",
        ] {
            history.assert_says(words);
        }
        verified(&app);
    });
}

#[test]
fn requester_and_implementer_are_never_asked_and_a_short_stage_is_refused_by_name() {
    each_database(|app| {
        let desk = app.desk();
        keep(
            &app,
            &desk,
            &policy(vec![stage(
                "Board",
                &[&desk.agent, &desk.colleague],
                Count::Any,
            )]),
        );
        let record = change(&app, &desk);
        let refused = app.act(&desk.manager, |w, v, ctx| {
            andon::approvals::submit(w, v, ctx, &case(&desk, &record))
        });
        // One may still sit.
        refused.unwrap();
        let mut only = case(&desk, &record);
        only.excluded.push(desk.colleague.id);
        only.revision = 2;
        let refused = app.act(&desk.manager, |w, v, ctx| {
            andon::approvals::submit(w, v, ctx, &only)
        });
        let Err(Error::Invalid(invalid)) = refused else {
            panic!("{refused:?}");
        };
        let keys: Vec<_> = invalid.0.iter().map(|(_, m)| m.key).collect();
        assert_eq!(
            keys,
            [
                "approval-short",
                "approval-missing-excluded",
                "approval-missing-excluded"
            ]
        );
        let named: Vec<_> = invalid.0.iter().flat_map(|(_, m)| &m.args).collect();
        assert!(named.iter().any(|(_, v)| v == "Ana Lima"), "{named:?}");
        // Nothing of it was written.
        assert_eq!(app.count("SELECT count(*) FROM rounds"), 1);
        verified(&app);
    });
}

#[test]
fn without_a_policy_or_an_owner_nothing_is_submitted() {
    each_database(|app| {
        let desk = app.desk();
        let record = change(&app, &desk);
        let try_it = || {
            app.act(&desk.manager, |w, v, ctx| {
                andon::approvals::submit(w, v, ctx, &case(&desk, &record))
            })
        };
        let key = |refused: Result<Round>| match refused {
            Err(Error::Refused(message)) => message.key,
            Err(Error::Invalid(invalid)) => invalid.0.last().map_or("", |(_, m)| m.key),
            other => panic!("{other:?}"),
        };
        assert_eq!(key(try_it()), "approval-no-policy");
        let mut owner = stage("Owner", &[], Count::All);
        owner.seats.push(Entry {
            who: Who::ServiceOwner,
            mandatory: true,
            veto: false,
        });
        keep(&app, &desk, &policy(vec![owner]));
        assert_eq!(key(try_it()), "approval-missing-owner");
        assert_eq!(app.count("SELECT count(*) FROM rounds"), 0);
    });
}

#[test]
fn votes_after_the_decision_twice_stale_or_from_others_seats_are_refused() {
    each_database(|app| {
        let desk = app.desk();
        let people = [&desk.approver, &desk.colleague, &desk.manager];
        keep(
            &app,
            &desk,
            &policy(vec![stage("Board", &people, Count::Of(2))]),
        );
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let refused = |result: Result<Round>| match result {
            Err(Error::Refused(message)) => message.key,
            other => panic!("{other:?}"),
        };
        // An administrator never votes for others, nor does a swapped id.
        let swapped = vote(
            &app,
            &desk.administrator,
            &record,
            1,
            (0, 0),
            Choice::Approve,
        );
        assert_eq!(refused(swapped), "approval-no-vote-seat");
        let swapped = vote(&app, &desk.approver, &record, 1, (0, 1), Choice::Approve);
        assert_eq!(refused(swapped), "approval-no-vote-seat");
        let nowhere = vote(&app, &desk.approver, &record, 1, (7, 7), Choice::Approve);
        assert_eq!(refused(nowhere), "approval-no-vote-seat");
        vote(&app, &desk.approver, &record, 1, (0, 0), Choice::Approve).unwrap();
        let twice = vote(&app, &desk.approver, &record, 1, (0, 0), Choice::Approve);
        assert_eq!(refused(twice), "approval-no-vote-voted");

        // A newer revision: what was typed about the old one counts for nothing.
        let mut next = case(&desk, &record);
        next.revision = 2;
        next.content[1].text = "Both at once".into();
        submit(&app, &desk, &next);
        let stale = vote(&app, &desk.colleague, &record, 1, (0, 1), Choice::Approve);
        assert_eq!(refused(stale), "approval-stale");
        let client = app.visit(&desk.colleague);
        let path = format!("{}/rounds/1/votes", record.number().path());
        let fields = [
            ("place", "0.1"),
            ("choice", "reject"),
            ("comment", "Not both"),
        ];
        let page = post(&client, &path, &fields).expect(409);
        page.assert_says("There is a newer round");
        page.assert_says("Not both");
        page.assert_says("Both at once");

        vote(&app, &desk.approver, &record, 2, (0, 0), Choice::Approve).unwrap();
        vote(&app, &desk.colleague, &record, 2, (0, 1), Choice::Approve).unwrap();
        let late = vote(&app, &desk.manager, &record, 2, (0, 2), Choice::Reject);
        assert_eq!(refused(late), "approval-no-vote-decided");
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        verified(&app);
    });
}

#[test]
fn only_what_changed_is_asked_again_and_earlier_votes_stay_visible() {
    each_database(|app| {
        let desk = app.desk();
        let mut technical = stage("Technical", &[&desk.colleague], Count::Any);
        technical.reopened_by.push(Part::Implementer);
        let mut board = stage("Board", &[&desk.approver], Count::Any);
        board.after = vec!["technical".into()];
        keep(&app, &desk, &policy(vec![technical, board]));
        let record = change(&app, &desk);
        let mut asked = case(&desk, &record);
        asked
            .content
            .push(content(Part::Implementer, "field-assignee", "Ana Lima"));
        submit(&app, &desk, &asked);
        vote(&app, &desk.colleague, &record, 1, (0, 0), Choice::Approve).unwrap();
        vote(&app, &desk.approver, &record, 1, (1, 0), Choice::Approve).unwrap();
        assert_eq!(decision(&app, &record), Some(Decision::Approved));

        // Another implementer: the technical stage alone.
        asked.content[2].text = "Mona Berg".into();
        asked.revision = 2;
        submit(&app, &desk, &asked);
        assert_eq!(decision(&app, &record), None);
        let client = app.visit(&desk.approver);
        client
            .page("/approvals")
            .assert_says("Nothing waits for you");
        let page = client.page(&page_of(&record));
        page.assert_says("Not asked again: approved in round 1");
        page.assert_says("Ana Lima");
        page.assert_says("Mona Berg");
        page.assert_says("Earlier rounds");
        assert!(page.html().contains("<del"), "what it was before");
        vote(&app, &desk.colleague, &record, 2, (0, 0), Choice::Approve).unwrap();
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        assert!(standing(&app, &record).is_approved());
        assert!(standing(&app, &record).asks_about(&asked.digest(), None));

        // The plan: everybody. And what was approved is not what it is now.
        asked.content[1].text = "Both at once".into();
        assert!(!standing(&app, &record).asks_about(&asked.digest(), None));
        asked.revision = 3;
        submit(&app, &desk, &asked);
        app.visit(&desk.colleague)
            .page("/approvals")
            .assert_says("Upgrade the gateways");
        // Whoever said yes carries it out now: their yes is worth nothing.
        vote(&app, &desk.colleague, &record, 3, (0, 0), Choice::Approve).unwrap();
        vote(&app, &desk.approver, &record, 3, (1, 0), Choice::Approve).unwrap();
        asked.revision = 4;
        asked.excluded = vec![desk.colleague.id];
        let refused = app.act(&desk.manager, |w, v, ctx| {
            andon::approvals::submit(w, v, ctx, &asked)
        });
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        verified(&app);
    });
}

#[test]
fn a_vote_is_taken_back_until_something_follows_from_it() {
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
        let client = app.visit(&desk.approver);
        let path = page_of(&record);
        let form = client.page(&path).form("/votes");
        client.press(&form, "choice", "approve").expect(303);
        let back = client.page(&path).form("/withdrawals");
        client.send(&back).expect(303);
        // Rejecting wants a reason, and nothing typed is lost.
        let form = client.page(&path).form("/votes");
        client
            .press(&form, "choice", "reject")
            .expect(422)
            .assert_says("Say why.");
        let form = form.set("comment", "Late shift <b>");
        client.press(&form, "choice", "reject").expect(303);
        assert_eq!(decision(&app, &record), Some(Decision::Rejected));
        let page = client.page(&path);
        page.assert_says("Late shift <b>");
        assert!(!page.has_form("/withdrawals"), "it is final");
        verified(&app);
    });
}

#[test]
fn what_was_said_and_decided_cannot_be_changed_behind_the_journals_back() {
    each_database(|app| {
        let desk = app.desk();
        keep(
            &app,
            &desk,
            &policy(vec![stage("Board", &[&desk.approver], Count::Any)]),
        );
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        vote(&app, &desk.approver, &record, 1, (0, 0), Choice::Reject).unwrap();
        verified(&app);
        for statement in [
            "UPDATE round_events SET choice = 'approve'",
            "UPDATE rounds SET decision = 'approved'",
            "UPDATE rounds SET decision = NULL, decided_at = NULL",
            "UPDATE round_contents SET text = 'Something else' WHERE place = 1",
            "UPDATE round_seats SET is_waiting = TRUE",
            "DELETE FROM round_events",
            "UPDATE approval_policy_versions SET definition = '{}'",
        ] {
            let lines = crate::instants::tampered(&app, statement);
            assert!(!lines.is_empty(), "{statement}");
        }
    });
}

/// The role went while the page was open: nothing is counted, and the seat is empty.
#[test]
fn whoever_lost_the_role_a_second_ago_decides_nothing_and_their_seat_is_vacant() {
    each_database(|app| {
        let desk = app.desk();
        let second = app.human("Ivo Kern", Roles::APPROVER);
        let third = app.human("Jana Falk", Roles::APPROVER);
        let mut board = stage("Board", &[&desk.approver, &second], Count::All);
        board.alternates = vec![person(&desk.other).who, person(&third).who];
        roles(&app, &desk, &desk.other, Roles::APPROVER);
        keep(&app, &desk, &policy(vec![board]));
        roles(&app, &desk, &desk.other, Roles::NONE);
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let client = app.visit(&desk.approver);
        let form = client.page(&page_of(&record)).form("/votes");
        roles(&app, &desk, &desk.approver, Roles::NONE);
        let late = client.press(&form, "choice", "approve");
        assert!(late.status == 404 || late.status == 409, "{}", late.status);
        assert_eq!(
            app.count("SELECT count(*) FROM round_events WHERE what = 'voted'"),
            0
        );
        // The next alternate who has the right sits there now; who has it no longer does not.
        vote(&app, &third, &record, 1, (0, 0), Choice::Approve).unwrap();
        // A right kept under another role stays; without one, and without an alternate, it is over.
        roles(&app, &desk, &second, Roles::AGENT);
        assert_eq!(decision(&app, &record), None);
        roles(&app, &desk, &second, Roles::NONE);
        assert_eq!(decision(&app, &record), Some(Decision::Undecided));
        verified(&app);

        // Whoever has no right when it is put is not asked, by name.
        let mut next = case(&desk, &record);
        next.revision = 2;
        let refused = app.act(&desk.manager, |w, v, ctx| {
            andon::approvals::submit(w, v, ctx, &next)
        });
        let text = format!("{refused:?}");
        assert!(text.contains("approval-missing-right"), "{text}");
    });
}

/// A stand-in without the right has no more than they have.
#[test]
fn a_stand_in_needs_the_right_to_approve() {
    each_database(|app| {
        let desk = app.desk();
        keep(
            &app,
            &desk,
            &policy(vec![stage("Board", &[&desk.approver], Count::Any)]),
        );
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let wanted = actions::Delegate {
            to: Some(desk.other.id),
            starts_at: Some(app.now()),
            ends_at: Some(hours(&app, 24)),
        };
        app.act(&desk.approver, |w, v, ctx| {
            actions::delegate(w, v, ctx, wanted)
        })
        .unwrap();
        let without = vote(&app, &desk.other, &record, 1, (0, 0), Choice::Approve);
        assert!(without.is_err(), "{without:?}");
        roles(&app, &desk, &desk.other, Roles::APPROVER);
        vote(&app, &desk.other, &record, 1, (0, 0), Choice::Approve).unwrap();
        verified(&app);
    });
}

/// A yes that was carried is still somebody's: of a stand-in, of those at a meeting.
#[test]
fn a_carried_yes_of_whoever_carries_it_out_now_is_struck() {
    each_database(|app| {
        let desk = app.desk();
        let second = app.human("Ivo Kern", Roles::APPROVER);
        let people = [&desk.approver, &second];
        keep(
            &app,
            &desk,
            &policy(vec![stage("Board", &people, Count::Any)]),
        );
        let record = change(&app, &desk);
        let mut asked = case(&desk, &record);
        submit(&app, &desk, &asked);
        let wanted = actions::Delegate {
            to: Some(desk.colleague.id),
            starts_at: Some(app.now()),
            ends_at: Some(hours(&app, 24)),
        };
        app.act(&desk.approver, |w, v, ctx| {
            actions::delegate(w, v, ctx, wanted)
        })
        .unwrap();
        vote(&app, &desk.colleague, &record, 1, (0, 0), Choice::Approve).unwrap();
        asked.revision = 2;
        submit(&app, &desk, &asked);
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        // Twice carried, and now the stand-in implements it.
        asked.revision = 3;
        asked.excluded.push(desk.colleague.id);
        submit(&app, &desk, &asked);
        assert_eq!(decision(&app, &record), None, "their yes is worth nothing");
        vote(&app, &second, &record, 3, (0, 1), Choice::Approve).unwrap();
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        verified(&app);
    });
}

/// Names of whoever carries it out and texts of whoever wrote the plan go with them; the rest of what was
/// asked is still what its digest says.
#[test]
fn what_an_erased_person_wrote_and_their_name_go_from_what_was_asked() {
    each_database(|app| {
        let desk = app.desk();
        keep(
            &app,
            &desk,
            &policy(vec![stage("Board", &[&desk.approver], Count::Any)]),
        );
        let record = change(&app, &desk);
        let mut asked = case(&desk, &record);
        let named = format!("Ana Lima ({})", desk.agent.id);
        asked
            .content
            .push(content(Part::Implementer, "field-assignee", &named));
        submit(&app, &desk, &asked);
        vote(&app, &desk.approver, &record, 1, (0, 0), Choice::Approve).unwrap();
        app.write(|w| {
            andon::approvals::erase_named(w, desk.agent.id, "Ana Lima")?;
            andon::approvals::erase_texts(w, record.id, &["One at a time".into()])
        });
        for gone in ["%Ana Lima%", "One at a time"] {
            let left = format!("SELECT count(*) FROM round_contents WHERE text LIKE '{gone}'");
            assert_eq!(app.count(&left), 0, "{gone}");
        }
        verified(&app);
        let statement = "UPDATE round_contents SET text = 'Something else' WHERE place = 0";
        assert!(!crate::instants::tampered(&app, statement).is_empty());
        app.visit(&desk.manager)
            .page(&page_of(&record))
            .assert_says("Upgrade the gateways");
    });
}

/// The technical stage is asked again, the owner's is carried, the board comes after the owner's.
#[test]
fn a_stage_behind_a_carried_one_waits_for_what_is_asked_again() {
    each_database(|app| {
        let desk = app.desk();
        let mut technical = stage("Technical", &[&desk.colleague], Count::Any);
        technical.reopened_by.push(Part::Implementer);
        let mut owner = stage("Owner", &[&desk.administrator], Count::Any);
        owner.after = vec!["technical".into()];
        let mut board = stage("Board", &[&desk.approver, &desk.colleague], Count::Any);
        board.after = vec!["owner".into()];
        board.reopened_by.push(Part::Implementer);
        // Somebody who is asked in two stages at once is one for whom a link is made.
        let other = stage("Network", &[&desk.colleague], Count::Any);
        keep(&app, &desk, &policy(vec![technical, owner, board, other]));
        let record = change(&app, &desk);
        let mut asked = case(&desk, &record);
        asked
            .content
            .push(content(Part::Implementer, "field-assignee", "Ana Lima"));
        submit(&app, &desk, &asked);
        let page = app.visit(&desk.manager).page(&page_of(&record));
        let option = format!("<option value=\"{}\"", desk.colleague.id);
        assert_eq!(page.html().matches(&option).count(), 1);
        vote(&app, &desk.colleague, &record, 1, (0, 0), Choice::Approve).unwrap();
        vote(
            &app,
            &desk.administrator,
            &record,
            1,
            (1, 0),
            Choice::Approve,
        )
        .unwrap();
        vote(&app, &desk.approver, &record, 1, (2, 0), Choice::Approve).unwrap();
        vote(&app, &desk.colleague, &record, 1, (3, 0), Choice::Approve).unwrap();
        asked.content[2].text = "Mona Berg".into();
        asked.revision = 2;
        submit(&app, &desk, &asked);
        let client = app.visit(&desk.approver);
        client
            .page("/approvals")
            .assert_says("Nothing waits for you");
        let early = vote(&app, &desk.approver, &record, 2, (2, 0), Choice::Approve);
        assert!(
            matches!(&early, Err(Error::Refused(m)) if m.key == "approval-no-vote-not-asked"),
            "{early:?}"
        );
        vote(&app, &desk.colleague, &record, 2, (0, 0), Choice::Approve).unwrap();
        client
            .page("/approvals")
            .assert_says("Upgrade the gateways");
        vote(&app, &desk.approver, &record, 2, (2, 0), Choice::Approve).unwrap();
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        verified(&app);
    });
}

/// Silence is said of those who were asked; the rule is read as one, and beside it how far it is.
#[test]
fn whoever_was_not_asked_did_not_say_nothing() {
    each_database(|app| {
        let desk = app.desk();
        let people = [&desk.colleague, &desk.administrator];
        let mut technical = stage("Technical", &people, Count::Of(2));
        technical.reopened_by.push(Part::Implementer);
        let mut board = stage("Board", &[&desk.approver], Count::Any);
        board.after = vec!["technical".into()];
        keep(&app, &desk, &policy(vec![technical, board]));
        let record = change(&app, &desk);
        let mut asked = case(&desk, &record);
        asked
            .content
            .push(content(Part::Implementer, "field-assignee", "Ana Lima"));
        submit(&app, &desk, &asked);
        let manager = app.visit(&desk.manager);
        vote(&app, &desk.colleague, &record, 1, (0, 0), Choice::Approve).unwrap();
        let page = manager.page(&page_of(&record));
        page.assert_says("Not asked yet");
        page.assert_says("2 of 2 must approve");
        page.assert_says("1 said yes");
        page.assert_says("1 of 1 must approve");
        assert!(!page.html().contains("Said nothing"));
        vote(
            &app,
            &desk.administrator,
            &record,
            1,
            (0, 1),
            Choice::Approve,
        )
        .unwrap();
        vote(&app, &desk.approver, &record, 1, (1, 0), Choice::Approve).unwrap();
        asked.content[2].text = "Mona Berg".into();
        asked.revision = 2;
        submit(&app, &desk, &asked);
        // What is carried shows what was said of it then.
        let page = manager.page(&page_of(&record));
        page.assert_says("Not asked again: approved in round 1");
        assert!(!page.html().contains("Said nothing"));
        assert!(!page.html().contains("Not asked yet"));
        let now = page.html();
        let now = now.split("id=\"h-earlier\"").next().unwrap_or_default();
        assert!(now.contains("Because"), "the earlier answer");
        // A round that ends before a stage is asked says so of it.
        vote(&app, &desk.colleague, &record, 2, (0, 0), Choice::Reject).unwrap();
        asked.content[1].text = "Both at once".into();
        asked.revision = 3;
        submit(&app, &desk, &asked);
        vote(&app, &desk.colleague, &record, 3, (0, 0), Choice::Reject).unwrap();
        manager.page(&page_of(&record)).assert_says("Not asked");
        verified(&app);
    });
}
