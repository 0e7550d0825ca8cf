//! A stage decided by its board's chair for a meeting; conditions; contesting it.

use andon::approvals::actions::{self, BoardForm, Meeting};
use andon::approvals::terms::Count;
use andon::approvals::{Board, Choice, Decision};
use andon::platform::kernel::error::Error;

use super::*;
use crate::app::each_database;
use crate::instants::verified;

fn board(app: &App, desk: &Desk, members: &[&Human]) -> Board {
    let form = BoardForm {
        name: "Change advisory board".into(),
        chair: Some(desk.manager.id),
        members: members.iter().map(|m| m.id).collect(),
        disabled: false,
    };
    app.act(&desk.administrator, |w, v, ctx| {
        actions::add_board(w, v, ctx, &form)
    })
    .unwrap()
}

fn with_board(app: &App, desk: &Desk) -> Board {
    board_with(app, desk, |_| {})
}

fn board_with(app: &App, desk: &Desk, more: impl FnOnce(&mut Stage)) -> Board {
    let cab = board(app, desk, &[&desk.approver, &desk.colleague, &desk.agent]);
    let mut stage = stage("Board", &[], Count::Of(2));
    stage.seats.push(Entry {
        who: Who::Board(cab.id.uuid()),
        mandatory: false,
        veto: false,
    });
    stage.meeting = true;
    more(&mut stage);
    keep(app, desk, &policy(vec![stage]));
    cab
}

/// A meeting that said yes just now.
fn at_the_meeting(app: &App, present: &[Id<Person>]) -> Meeting {
    Meeting {
        stage: 0,
        choice: Some(Choice::Approve),
        met_at: Some(app.now()),
        present: present.to_vec(),
        conditions: Vec::new(),
        text: String::new(),
        confirmed: None,
    }
}

fn decide(
    app: &App,
    chair: &Human,
    record: &Record,
    round: i32,
    meeting: &Meeting,
) -> Result<Round> {
    app.act(chair, |w, v, ctx| {
        actions::decide_for_meeting(w, v, ctx, record.number(), round, meeting)
    })
}

#[test]
fn the_chair_decides_for_a_meeting_with_conditions_and_it_is_contested() {
    each_database(|app| {
        let desk = app.desk();
        with_board(&app, &desk);
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let path = page_of(&record);
        // Only the chair is offered it; the implementer is not among those present.
        let approver = app.visit(&desk.approver);
        assert!(!approver.page(&path).has_form("/meetings"));
        let chair = app.visit(&desk.manager);
        let page = chair.page(&path);
        let form = page.form("/meetings");
        assert!(
            !page
                .html()
                .contains(&format!("value=\"{}\"", desk.agent.id))
        );
        chair
            .press(&form, "choice", "approve")
            .expect(422)
            .assert_says("A meeting is more than one");
        let own = form.clone().add("present", &desk.agent.id.to_string());
        chair
            .press(&own, "choice", "approve")
            .expect(422)
            .assert_says("Requester and implementer do not decide");
        let form = form
            .add("present", &desk.approver.id.to_string())
            .set("conditions", "Tills are closed\nNetwork on call");
        chair.press(&form, "choice", "approve").expect(303);
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        assert_eq!(standing(&app, &record).open_conditions, 2);
        let page = chair.page(&path);
        page.assert_says("Mark as met");
        let tick = page.form("/conditions");
        chair.send(&tick).expect(303);
        assert_eq!(standing(&app, &record).open_conditions, 1);
        verified(&app);

        // Whoever is named says that it was not so.
        let colleague = app.visit(&desk.colleague);
        assert!(!colleague.page(&path).has_form("/contests"));
        let form = approver.page(&path).form("/contests");
        approver.send(&form).expect(422);
        approver
            .send(&form.set("reason", "I was not there"))
            .expect(303);
        assert_eq!(decision(&app, &record), None);
        assert_eq!(standing(&app, &record).number, 2);
        let page = approver.page(&path);
        page.assert_says("One at a time");
        page.assert_says("Earlier rounds");
        assert_eq!(
            app.count("SELECT count(*) FROM rounds WHERE number = 1 AND decision = 'approved'"),
            1,
            "the round stays as it is"
        );
        verified(&app);
        // Once it has started it is too late.
        vote(&app, &desk.approver, &record, 2, (0, 0), Choice::Approve).ok();
        app.act(&desk.manager, |w, _, ctx| {
            andon::approvals::close(w, ctx, record.id, "started")
        })
        .unwrap();
        let late = app.act(&desk.approver, |w, v, ctx| {
            actions::contest(w, v, ctx, record.number(), 2, "No")
        });
        assert!(late.is_err());
        verified(&app);
    });
}

#[test]
fn whoever_was_the_chair_a_second_ago_decides_for_no_meeting() {
    each_database(|app| {
        let desk = app.desk();
        let cab = with_board(&app, &desk);
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let form = BoardForm {
            name: cab.name.clone(),
            chair: Some(desk.colleague.id),
            members: vec![desk.approver.id, desk.colleague.id, desk.agent.id],
            disabled: false,
        };
        app.act(&desk.administrator, |w, v, ctx| {
            actions::edit_board(w, v, ctx, cab.id, &form)
        })
        .unwrap();
        let meeting = at_the_meeting(&app, &[desk.approver.id]);
        let former = decide(&app, &desk.manager, &record, 1, &meeting);
        assert!(matches!(former, Err(Error::Forbidden(_))), "{former:?}");
        decide(&app, &desk.colleague, &record, 1, &meeting).unwrap();
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        verified(&app);
    });
}

/// A yes under a condition is carried with its condition.
#[test]
fn conditions_of_a_stage_that_is_not_asked_again_are_still_to_be_met() {
    each_database(|app| {
        let desk = app.desk();
        with_board(&app, &desk);
        let record = change(&app, &desk);
        let mut asked = case(&desk, &record);
        submit(&app, &desk, &asked);
        let mut meeting = at_the_meeting(&app, &[desk.approver.id]);
        meeting.conditions = vec!["Tills are closed".into(), "Network on call".into()];
        decide(&app, &desk.manager, &record, 1, &meeting).unwrap();
        app.act(&desk.manager, |w, v, ctx| {
            actions::meet_condition(w, v, ctx, record.number(), 1, 0)
        })
        .unwrap();
        // The same once more: nobody is asked, and what was not met is not met.
        for number in 2..4 {
            asked.revision = number;
            submit(&app, &desk, &asked);
            assert_eq!(decision(&app, &record), Some(Decision::Approved));
            assert_eq!(standing(&app, &record).open_conditions, 1);
        }
        app.visit(&desk.manager)
            .page(&page_of(&record))
            .assert_says("Network on call");
        app.act(&desk.manager, |w, v, ctx| {
            actions::meet_condition(w, v, ctx, record.number(), 3, 0)
        })
        .unwrap();
        assert_eq!(standing(&app, &record).open_conditions, 0);
        verified(&app);
        for statement in [
            "UPDATE round_conditions SET met_at = NULL, met_by_id = NULL",
            "UPDATE round_conditions SET stage = 1",
            "DELETE FROM round_conditions",
        ] {
            let lines = crate::instants::tampered(&app, statement);
            assert!(!lines.is_empty(), "{statement}");
        }
    });
}

#[test]
fn a_meeting_at_which_the_later_implementer_was_is_asked_again() {
    each_database(|app| {
        let desk = app.desk();
        with_board(&app, &desk);
        let record = change(&app, &desk);
        let mut asked = case(&desk, &record);
        submit(&app, &desk, &asked);
        let meeting = at_the_meeting(&app, &[desk.colleague.id]);
        decide(&app, &desk.manager, &record, 1, &meeting).unwrap();
        asked.revision = 2;
        submit(&app, &desk, &asked);
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        asked.revision = 3;
        asked.excluded = vec![desk.colleague.id];
        submit(&app, &desk, &asked);
        assert_eq!(decision(&app, &record), None);
        verified(&app);
    });
}

/// A stage that asks for the password asks the chair for it too.
#[test]
fn a_meetings_decision_asks_for_the_password_where_the_stage_does() {
    each_database(|app| {
        let desk = app.desk();
        board_with(&app, &desk, |stage| stage.reauthenticate = true);
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let meeting = at_the_meeting(&app, &[desk.approver.id]);
        match decide(&app, &desk.manager, &record, 1, &meeting) {
            Err(Error::Invalid(invalid)) => assert_eq!(invalid.0[0].0, "approval_password"),
            other => panic!("{other:?}"),
        }
        let client = app.visit(&desk.manager);
        let page = client.page(&page_of(&record));
        assert!(page.html().contains("id=\"meeting_password\""));
        let form = page.form("/meetings");
        let form = form.add("present", &desk.approver.id.to_string());
        client.press(&form, "choice", "approve").expect(422);
        assert_eq!(decision(&app, &record), None);
        // Somebody who has nothing to do with it was not there.
        let mut strange = at_the_meeting(&app, &[desk.approver.id, desk.other.id]);
        strange.text = "With a guest".into();
        let refused = decide(&app, &desk.manager, &record, 1, &strange);
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    });
}

/// Who must be there is who sits there now.
#[test]
fn a_meeting_needs_those_who_sit_there_now() {
    each_database(|app| {
        let desk = app.desk();
        let second = app.human("Ivo Kern", Roles::APPROVER);
        board_with(&app, &desk, |stage| {
            let mut must = person(&desk.approver);
            must.mandatory = true;
            stage.seats.insert(0, must);
            stage.alternates = vec![person(&second).who];
        });
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        disable(&app, &desk, desk.approver.id);
        let with = |who: &[Id<Person>]| {
            let meeting = at_the_meeting(&app, who);
            decide(&app, &desk.manager, &record, 1, &meeting)
        };
        let without = with(&[desk.colleague.id]);
        assert!(
            format!("{without:?}").contains("approval-present-missing"),
            "{without:?}"
        );
        with(&[desk.colleague.id, second.id]).unwrap();
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        verified(&app);
    });
}

/// Carried is not forgotten: whoever was named says so until it starts, also without a seat of their own,
/// also when the window has begun.
#[test]
fn a_carried_meeting_decision_is_contested_until_the_change_starts() {
    each_database(|app| {
        let desk = app.desk();
        let second = app.human("Ivo Kern", Roles::APPROVER);
        let cab = with_board(&app, &desk);
        let record = change(&app, &desk);
        let mut asked = case(&desk, &record);
        asked.decide_by = Some(hours(&app, 5));
        submit(&app, &desk, &asked);
        // A member since yesterday, who has no seat in this round.
        let form = BoardForm {
            name: cab.name.clone(),
            chair: Some(desk.manager.id),
            members: vec![desk.approver.id, desk.colleague.id, second.id],
            disabled: false,
        };
        app.act(&desk.administrator, |w, v, ctx| {
            actions::edit_board(w, v, ctx, cab.id, &form)
        })
        .unwrap();
        let guest = app.visit(&second);
        guest.get(&page_of(&record)).expect(404);
        let meeting = at_the_meeting(&app, &[desk.approver.id, second.id]);
        decide(&app, &desk.manager, &record, 1, &meeting).unwrap();
        asked.revision = 2;
        submit(&app, &desk, &asked);
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        // The window has begun; nobody has started yet.
        app.travel(time::Duration::hours(6));
        let guest = app.visit(&second);
        let form = guest.page(&page_of(&record)).form("/contests");
        guest
            .send(&form.set("reason", "I was not there"))
            .expect(303);
        assert_eq!(standing(&app, &record).number, 3);
        assert_eq!(
            decision(&app, &record),
            Some(Decision::NotDecidedInTime),
            "nobody can decide it in time any more"
        );
        assert_eq!(
            app.count("SELECT count(*) FROM rounds WHERE decision = 'approved'"),
            2
        );
        verified(&app);
    });
}

/// What nobody had asked yet, nobody decided: neither before the round nor before its turn came.
#[test]
fn a_meeting_before_its_stage_was_asked_decides_nothing() {
    each_database(|app| {
        let desk = app.desk();
        let cab = board(&app, &desk, &[&desk.approver, &desk.colleague]);
        let mut meets = stage("Board", &[], Count::Of(2));
        meets.seats.push(Entry {
            who: Who::Board(cab.id.uuid()),
            mandatory: false,
            veto: false,
        });
        meets.meeting = true;
        meets.after = vec!["technical".into()];
        let technical = stage("Technical", &[&desk.colleague], Count::Any);
        keep(&app, &desk, &policy(vec![technical, meets]));
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let opened = app.now();
        app.travel(time::Duration::hours(3));
        vote(&app, &desk.colleague, &record, 1, (0, 0), Choice::Approve).unwrap();
        let asked = app.now();
        let at = |met_at: Utc| Meeting {
            stage: 1,
            met_at: Some(met_at),
            ..at_the_meeting(&app, &[desk.approver.id])
        };
        for early in [
            opened.minus(time::Duration::days(365)),
            opened,
            asked.minus(time::Duration::minutes(2)),
        ] {
            let refused = decide(&app, &desk.manager, &record, 1, &at(early));
            let text = format!("{refused:?}");
            assert!(
                text.contains("met_at") && text.contains("approval-meeting-before"),
                "{text}"
            );
        }
        assert_eq!(decision(&app, &record), None);
        // It is said at the field, and what was typed stays.
        let chair = app.visit(&desk.manager);
        let form = chair.page(&page_of(&record)).form("/meetings");
        let form = form
            .add("present", &desk.approver.id.to_string())
            .set("conditions", "Tills are closed");
        let page = chair.press(
            &form.clone().set("met_at", "2025-11-22T10:00"),
            "choice",
            "approve",
        );
        let page = page.expect(422);
        page.assert_says("It cannot have been before this stage was asked.");
        assert!(page.html().contains("id=\"met_at-e\""), "at the field");
        page.assert_says("Tills are closed");
        // The minute in which it was asked is none before it.
        chair.press(&form, "choice", "approve").expect(303);
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        verified(&app);
    });
}

/// Somebody was quicker: why nothing more is counted is said where the chair is, with what they wrote.
#[test]
fn a_meeting_or_a_link_that_comes_too_late_is_told_on_the_page() {
    each_database(|app| {
        let desk = app.desk();
        with_board(&app, &desk);
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let path = page_of(&record);
        let chair = app.visit(&desk.manager);
        let page = chair.page(&path);
        let meeting = page
            .form("/meetings")
            .add("present", &desk.approver.id.to_string())
            .set("conditions", "Tills are closed")
            .set("meeting_text", "All agreed");
        let link = page.form("/links");
        // Nobody waits for an answer of somebody who has no seat.
        let other = link.clone().set("person", &desk.other.id.to_string());
        let refused = chair.send(&other).expect(409);
        refused.assert_says("Nobody waits for an answer of theirs.");
        refused.assert_says("One at a time");
        vote(&app, &desk.approver, &record, 1, (0, 0), Choice::Approve).unwrap();
        vote(&app, &desk.colleague, &record, 1, (0, 1), Choice::Approve).unwrap();
        let late = chair.press(&meeting, "choice", "reject").expect(409);
        for words in [
            "The round is decided; nothing more is counted.",
            "Tills are closed",
            "All agreed",
            "One at a time",
        ] {
            late.assert_says(words);
        }
        let late = chair.send(&link.set("person", &desk.colleague.id.to_string()));
        late.expect(409)
            .assert_says("Nobody waits for an answer of theirs.");
        verified(&app);
    });
}
