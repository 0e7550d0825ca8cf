//! Ways around the law that somebody tried, each closed.

use andon::approvals::Choice;
use andon::changes::{self, ChangeType, PlanForm};
use andon::follow::practice_of;
use andon::people::actions::{By, edit_person};
use andon::people::meanwhile::Edit;
use andon::people::{PersonForm, Roles, find_person};
use andon::platform::db::Id;
use andon::records::{Practices, actions};
use andon::settings::actions::{Leave, leave};
use time::Duration;

use super::approved::{policy, submitted, vote};
use super::emergencies::{emergency, linked, word};
use super::{freeze, plan, raise, scheduled, scheduled_of, start, successful, tomorrow, why};
use crate::app::{App, Desk, Human, each_database};
use crate::estate::estate;
use crate::instants::{tampered, verified};

/// Pitfall: a digest of names. Of two people with one name, the one who was named is meant.
#[test]
fn two_people_of_one_name_are_two_people() {
    each_database(|app| {
        let desk = app.desk();
        policy(&app, &desk);
        let one = app.human("Anna Berg", Roles::AGENT);
        app.act(&desk.administrator, |w, v, ctx| {
            let seen = PersonForm::of(&find_person(w, desk.colleague.id)?);
            let asked = PersonForm {
                name: "Anna Berg".into(),
                ..seen.clone()
            };
            edit_person(
                w,
                By::Visitor(v),
                ctx,
                desk.colleague.id,
                &Edit { seen, asked },
            )
        })
        .unwrap();
        let seen = plan(&app, &desk, ChangeType::Normal, 24, 26);
        let number = raise(&app, &desk, "Upgrade the gateways", seen.clone()).number();
        submitted(&app, &desk, number);
        vote(&app, &desk, number, Choice::Approve);
        let asked = PlanForm {
            implementer: one.id.to_string(),
            ..seen.clone()
        };
        let edit = Edit { seen, asked };
        app.act(&desk.agent, |w, v, ctx| {
            changes::edit_plan(w, v, ctx, number, &edit)
        })
        .unwrap();
        let schedule = app.act(&desk.manager, |w, v, ctx| {
            changes::schedule(w, v, ctx, number)
        });
        assert_eq!(why(schedule), "move-not-possible");
    });
}

/// Pitfall: whoever becomes its requester takes up what was rejected.
#[test]
fn another_requester_takes_up_nothing_that_was_rejected() {
    each_database(|app| {
        let desk = app.desk();
        policy(&app, &desk);
        let number = tomorrow(&app, &desk, "Upgrade the gateways").number();
        submitted(&app, &desk, number);
        vote(&app, &desk, number, Choice::Reject);
        let edit = actions::Edit {
            seen: i64::MAX,
            requester: Some(Some(desk.colleague.id)),
            ..actions::Edit::default()
        };
        let _ = app.act(&desk.colleague, |w, v, ctx| {
            actions::edit(w, v, ctx, number, &edit)
        });
        let revise = app.act(&desk.colleague, |w, v, ctx| {
            changes::revise(w, v, ctx, number)
        });
        assert_eq!(why(revise), "forbidden");
    });
}

fn roles(app: &App, desk: &Desk, who: &Human, roles: Roles) {
    app.act(&desk.administrator, |w, v, ctx| {
        let seen = PersonForm::of(&find_person(w, who.id)?);
        let asked = PersonForm {
            roles,
            ..seen.clone()
        };
        edit_person(w, By::Visitor(v), ctx, who.id, &Edit { seen, asked })
    })
    .unwrap();
}

/// Pitfall: a role that went a second ago still decides.
#[test]
fn an_authority_who_lost_the_right_confirms_nothing() {
    each_database(|app| {
        let desk = app.desk();
        let change = emergency(&app, &desk);
        linked(&app, &desk, &change);
        let number = change.number();
        let said = word(&app, &desk, 0);
        app.act(&desk.agent, |w, v, ctx| {
            changes::start_verbally(w, v, ctx, number, &said)
        })
        .unwrap();
        // It stands in the list of whoever is said to have given it, and they are told.
        let manager = app.visit(&desk.manager);
        manager
            .page("/changes/confirmations")
            .assert_says(&number.to_string());
        manager
            .page("/notices")
            .assert_says("You are said to have authorised this");
        roles(&app, &desk, &desk.manager, Roles::AGENT);
        let answer = |yes| {
            app.act(&desk.manager, |w, v, ctx| {
                changes::answer_authority(w, v, ctx, number, yes)
            })
        };
        assert_eq!(why(answer(true)), "forbidden");
        roles(&app, &desk, &desk.manager, Roles::MANAGER);
        answer(true).unwrap();
        verified(&app);
    });
}

/// Pitfall: a proposal withdrawn and authorised at once.
#[test]
fn a_template_that_was_withdrawn_is_authorised_by_nobody() {
    each_database(|app| {
        let desk = app.desk();
        let from = successful(&app, &desk, "Rotate certificates").number();
        let id = app
            .act(&desk.agent, |w, v, ctx| {
                changes::propose_template(w, v, ctx, from, "Certificates")
            })
            .unwrap()
            .id;
        let authorise = || {
            app.act(&desk.manager, |w, v, ctx| {
                changes::authorise_template(w, v, ctx, id)
            })
        };
        let withdraw = || {
            app.act(&desk.administrator, |w, v, ctx| {
                changes::withdraw_template(w, v, ctx, id)
            })
        };
        std::thread::scope(|scope| {
            scope.spawn(|| drop(authorise()));
            scope.spawn(|| drop(withdraw()));
        });
        let _ = withdraw();
        let authorised = "SELECT count(*) FROM change_templates WHERE withdrawn_at IS NULL";
        assert_eq!(app.count(authorised), 0);
        assert_ne!(why(authorise()), "done");
        assert_eq!(app.count(authorised), 0);
        verified(&app);
    });
}

/// Who lets a change through a freeze stands in the journal, and so does when.
#[test]
fn a_pass_that_nobody_agreed_to_is_noticed() {
    each_database(|app| {
        let desk = app.desk();
        let number = scheduled(&app, &desk, "It cannot wait", 1, 5).number();
        let id = freeze(&app, &desk, "Peak trading", 0, 48).parse().unwrap();
        app.act(&desk.manager, |w, v, ctx| {
            changes::ask_pass(w, v, ctx, number, id, "The certificate ends tonight")
        })
        .unwrap();
        verified(&app);
        for forged in [
            "UPDATE freeze_passes SET agreed_at = asked_at",
            "UPDATE freeze_passes SET agreed_by_id = asked_by_id, agreed_at = asked_at",
            "DELETE FROM freeze_passes",
        ] {
            let found = tampered(&app, forged);
            assert!(
                found.iter().any(|line| line.contains("freeze_passes")),
                "{forged} {found:?}"
            );
        }
    });
}

/// Pitfall: a change that names items and no service runs under a freeze of that service.
#[test]
fn a_freeze_of_a_service_meets_what_touches_only_its_items() {
    each_database(|app| {
        let desk = app.desk();
        let estate = estate(&app, &desk);
        app.act(&desk.administrator, |w, v, ctx| {
            let item = andon::items::find_item(w, Id::from_uuid(estate.needed.uuid()))?;
            let seen = andon::settings::ItemForm::of(&item);
            let asked = andon::settings::ItemForm {
                service: Some(desk.mail),
                ..seen.clone()
            };
            let edit = Edit { seen, asked };
            andon::settings::actions::edit_item(w, v, ctx, item.id, &edit)
        })
        .unwrap();
        let number = scheduled_of(&app, &desk, "The database", (1, 5), "", "SRV-DB-01").number();
        super::freeze_of(&app, &desk, "Mail stands", 0, 48, &desk.mail.to_string());
        app.travel(Duration::hours(2));
        assert_eq!(why(start(&app, &desk, number)), "change-frozen");
        verified(&app);
    });
}

/// A scheduled change that is moved into a freeze is no longer scheduled.
#[test]
fn moved_into_a_freeze_it_is_a_draft_again() {
    each_database(|app| {
        let desk = app.desk();
        let number = scheduled(&app, &desk, "Certificates", 24, 26).number();
        freeze(&app, &desk, "Peak trading", 48, 72);
        let seen = plan(&app, &desk, ChangeType::Standard, 24, 26);
        let later = plan(&app, &desk, ChangeType::Standard, 50, 52);
        let edit = Edit { seen, asked: later };
        let moved = app.act(&desk.agent, |w, v, ctx| {
            changes::edit_plan(w, v, ctx, number, &edit)
        });
        assert_eq!(moved.unwrap().state, "draft");
        verified(&app);
    });
}

/// Pitfall: an erased person's words stand on in the rows.
#[test]
fn what_an_erased_person_wrote_of_changes_goes_with_them() {
    each_database(|app| {
        let desk = app.desk();
        let gone = app.human("Mara Gone", Roles::MANAGER);
        let number = scheduled(&app, &desk, "It cannot wait", 1, 5).number();
        let id = freeze(&app, &desk, "Peak trading", 0, 48).parse().unwrap();
        app.act(&gone, |w, v, ctx| {
            changes::ask_pass(w, v, ctx, number, id, "Because of quorvexa")
        })
        .unwrap();
        let planned = tomorrow(&app, &desk, "Upgrade the gateways").number();
        app.act(&desk.agent, |w, v, ctx| {
            changes::edit_parties(w, v, ctx, planned, &[changes::Party::Person(gone.id)])
        })
        .unwrap();
        app.act(&gone, |w, v, ctx| {
            changes::remark(w, v, ctx, planned, true, "Not while zimbratto")
        })
        .unwrap();
        app.act(&desk.administrator, |w, v, ctx| {
            let command = Leave {
                seen: None,
                to: Some(actions::GiveTo::Teams),
            };
            leave(w, v, ctx, Practices(practice_of), gone.id, &command)
        })
        .unwrap();
        let admin = app.visit(&desk.administrator);
        let form = admin
            .page(&format!("/settings/people/{}/erasure", gone.id))
            .form("/erasure")
            .set("erase_notes", "on")
            .set("confirm", &gone.mail);
        admin.send(&form).expect(303);
        app.work();
        for left in [
            "SELECT count(*) FROM change_remarks WHERE text LIKE '%zimbratto%'",
            "SELECT count(*) FROM freeze_passes WHERE reason LIKE '%quorvexa%'",
        ] {
            assert_eq!(app.count(left), 0, "{left}");
        }
        verified(&app);
    });
}
