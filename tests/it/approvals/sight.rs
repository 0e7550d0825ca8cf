//! What somebody with only the approver's right sees: that change, from the round's opening on.

use andon::approvals::terms::Count;
use andon::approvals::{Choice, Decision};
use andon::records::LinkType;
use andon::records::actions::{Edit, Say, edit as edit_record, link, reply};

use super::*;
use crate::app::each_database;
use crate::instants::verified;
use crate::library::attach;

#[test]
fn an_approver_reads_what_they_are_asked_about_and_nothing_else() {
    each_database(|app| {
        let desk = app.desk();
        keep(
            &app,
            &desk,
            &policy(vec![stage("Board", &[&desk.approver], Count::Any)]),
        );
        let record = change(&app, &desk);
        let problem = app.log(&desk.agent, &LogCall::of(Kind::Problem, "Session leak"));
        app.act(&desk.agent, |w, v, ctx| {
            link(
                w,
                v,
                ctx,
                record.number(),
                problem.number(),
                LinkType::Related,
            )
        })
        .unwrap();
        let another = app.log(&desk.agent, &LogCall::of(Kind::Change, "Another change"));
        let client = app.visit(&desk.approver);
        client.get(&page_of(&record)).expect(404);
        submit(&app, &desk, &case(&desk, &record));
        let page = client.page(&page_of(&record));
        page.assert_says("One at a time");
        page.assert_says("Session leak");
        for path in [
            page_of(&another),
            problem.number().path(),
            problem.number().portal_path(),
            record.number().portal_path(),
        ] {
            client.get(&path).expect(404);
        }
        // The desk's address of it leads to what there is for them.
        let there = client.get(&record.number().path());
        assert_eq!(there.location(), page_of(&record));
        // Nobody else without a right sees it.
        app.visit(&desk.other).get(&page_of(&record)).expect(404);
        // Asking decides nothing; it stays theirs to decide.
        let form = page.form("/votes").set("comment", "What of the tills?");
        client.press(&form, "choice", "ask").expect(303);
        assert_eq!(decision(&app, &record), None);
        client
            .page("/approvals")
            .assert_says("Upgrade the gateways");
        let manager = app.visit(&desk.manager);
        manager
            .page("/notices")
            .assert_says("A question about an approval");
        let page = manager.page(&page_of(&record));
        page.assert_says("What of the tills?");
        let form = page.form("/answers").set("answer", "They go on");
        manager.send(&form).expect(303);
        client.page(&page_of(&record)).assert_says("They go on");
        client
            .page("/notices")
            .assert_says("You are asked to approve");
        verified(&app);
    });
}

/// The story of the issue: abstaining in 2 of 3, one who is left is disabled.
#[test]
fn abstaining_is_no_yes_and_whoever_leaves_leaves_the_round_undecided() {
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
        let client = app.visit(&desk.approver);
        let form = client.page(&page_of(&record)).form("/votes");
        client.press(&form, "choice", "abstain").expect(303);
        assert_eq!(decision(&app, &record), None);
        disable(&app, &desk, desk.colleague.id);
        assert_eq!(decision(&app, &record), Some(Decision::Undecided));
        client.page("/notices").assert_says("Undecided");
        client.page(&page_of(&record)).assert_says("Vacant");
        app.visit(&desk.manager)
            .page("/notices")
            .assert_says("Undecided");
        verified(&app);
    });
}

#[test]
fn an_alternate_takes_the_seat_of_whoever_leaves() {
    each_database(|app| {
        let desk = app.desk();
        let mut board = stage("Board", &[&desk.approver, &desk.colleague], Count::All);
        board.alternates = vec![person(&desk.watcher).who, person(&desk.other).who];
        for who in [&desk.other, &desk.watcher] {
            roles(&app, &desk, who, Roles::APPROVER);
        }
        keep(&app, &desk, &policy(vec![board]));
        roles(&app, &desk, &desk.watcher, Roles::NONE);
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let client = app.visit(&desk.other);
        client.get(&page_of(&record)).expect(404);
        vote(&app, &desk.approver, &record, 1, (0, 0), Choice::Approve).unwrap();
        // Whoever said something before stays; so does what they said.
        disable(&app, &desk, desk.approver.id);
        disable(&app, &desk, desk.colleague.id);
        assert_eq!(decision(&app, &record), None);
        let form = client.page(&page_of(&record)).form("/votes");
        client.press(&form, "choice", "approve").expect(303);
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        verified(&app);
    });
}

#[test]
fn a_restricted_change_asks_only_those_it_names() {
    each_database(|app| {
        let desk = app.desk();
        keep(
            &app,
            &desk,
            &policy(vec![stage("Board", &[&desk.approver], Count::Any)]),
        );
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let restrict = andon::records::actions::Restrict {
            team: None,
            people: vec![desk.manager.id],
            reason: "Payroll".into(),
        };
        app.act(&desk.manager, |w, v, ctx| {
            andon::records::actions::restrict(w, v, ctx, record.number(), &restrict)
        })
        .unwrap();
        let client = app.visit(&desk.approver);
        client.get(&page_of(&record)).expect(404);
        client
            .page("/approvals")
            .assert_says("Nothing waits for you");
        let mut next = case(&desk, &record);
        next.revision = 2;
        let refused = app.act(&desk.manager, |w, v, ctx| {
            andon::approvals::submit(w, v, ctx, &next)
        });
        let text = format!("{refused:?}");
        assert!(text.contains("approval-missing-blind"), "{text}");
    });
}

/// The approval page and nothing else: no reply is found, no file opens, nothing is answered, and what
/// somebody writes for the next round is not shown before it is put.
#[test]
fn whoever_is_only_asked_reads_what_was_put_to_them_and_nothing_beside_it() {
    each_database(|app| {
        let desk = app.desk();
        let people = [&desk.approver, &desk.colleague];
        keep(
            &app,
            &desk,
            &policy(vec![stage("Board", &people, Count::Any)]),
        );
        let record = change(&app, &desk);
        let say = Say {
            anyway: true,
            body: "Zebrafish reply".into(),
            ..Say::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            reply(w, v, ctx, record.number(), &say)
        })
        .unwrap();
        let path = record.number().path();
        attach(&app, &desk, &path, "public", "zebrafish.txt", b"x");
        submit(&app, &desk, &case(&desk, &record));
        let file = app.read(|conn| {
            use diesel::prelude::*;
            let id: Id<andon::attachments::Attachment> = andon::schema::attachments::table
                .select(andon::schema::attachments::id)
                .first(conn)?;
            Ok(format!("/attachments/{id}"))
        });
        let worker = app.visit(&desk.colleague);
        worker.get(&file).expect(200);
        worker
            .page("/search?q=zebrafish")
            .assert_says("Upgrade the gateways");
        let client = app.visit(&desk.approver);
        client.page(&page_of(&record));
        client.get(&file).expect(404);
        for words in ["zebrafish", "gateways"] {
            let found = client.page(&format!("/search?q={words}"));
            assert!(!found.html().contains("CHG-"), "{words}");
        }
        let answer = [("body", "Let me in"), ("audience", "public")];
        for door in [&path, &record.number().portal_path()] {
            post(&client, &format!("{door}/replies"), &answer).expect(404);
        }
        // The next revision is being written: they have been asked about this one.
        let edit = Edit {
            overwrite: true,
            title: Some("Replace the gateways".into()),
            description: Some("Not put to anybody yet".into()),
            ..Edit::default()
        };
        app.act(&desk.agent, |w, v, ctx| {
            edit_record(w, v, ctx, record.number(), &edit)
        })
        .unwrap();
        let page = client.page(&page_of(&record));
        page.assert_says("Upgrade the gateways");
        for words in ["Replace the gateways", "Not put to anybody yet"] {
            assert!(!page.html().contains(words), "{words}");
            assert!(!client.page("/approvals").html().contains(words), "{words}");
        }
        // Without the right there is nothing to see, whatever was asked.
        roles(&app, &desk, &desk.approver, Roles::NONE);
        client.get(&page_of(&record)).expect(404);
        verified(&app);
    });
}

/// A stand-in sees what waits for the absent, not what was ever asked of them; and what they spoke of.
#[test]
fn a_stand_in_sees_what_waits_and_what_they_spoke_of() {
    each_database(|app| {
        let desk = app.desk();
        let second = app.human("Ivo Kern", Roles::APPROVER);
        keep(
            &app,
            &desk,
            &policy(vec![stage("Board", &[&desk.approver], Count::Any)]),
        );
        let [long_ago, waits, spoken] = [(); 3].map(|()| change(&app, &desk));
        for record in [&long_ago, &waits, &spoken] {
            submit(&app, &desk, &case(&desk, record));
        }
        vote(&app, &desk.approver, &long_ago, 1, (0, 0), Choice::Approve).unwrap();
        let wanted = actions::Delegate {
            to: Some(second.id),
            starts_at: Some(app.now()),
            ends_at: Some(hours(&app, 24)),
        };
        app.act(&desk.approver, |w, v, ctx| {
            actions::delegate(w, v, ctx, wanted)
        })
        .unwrap();
        let client = app.visit(&second);
        client.get(&page_of(&long_ago)).expect(404);
        client.page(&page_of(&waits));
        vote(&app, &second, &spoken, 1, (0, 0), Choice::Approve).unwrap();
        client.page(&page_of(&spoken));
        vote(&app, &desk.approver, &waits, 1, (0, 0), Choice::Approve).unwrap();
        client.get(&page_of(&waits)).expect(404);
        app.travel(time::Duration::days(2));
        let client = app.visit(&second);
        client.page(&page_of(&spoken));
    });
}

/// Also a seat whose turn comes later, one that is carried, and one that is taken before its turn.
#[test]
fn every_seat_reads_the_approval_from_the_rounds_opening_on() {
    each_database(|app| {
        let desk = app.desk();
        let second = app.human("Ivo Kern", Roles::APPROVER);
        let technical = stage("Technical", &[&desk.colleague], Count::Any);
        let mut board = stage("Board", &[&desk.approver], Count::Any);
        board.after = vec!["technical".into()];
        board.alternates = vec![person(&second).who];
        keep(&app, &desk, &policy(vec![technical, board]));
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let client = app.visit(&desk.approver);
        let page = client.page(&page_of(&record));
        page.assert_says("One at a time");
        assert!(!page.has_form("/votes"), "it is not their turn");
        client
            .page("/approvals")
            .assert_says("Nothing waits for you");
        assert_eq!(
            app.count("SELECT count(*) FROM notices"),
            1,
            "told when asked"
        );
        let early = vote(&app, &desk.approver, &record, 1, (1, 0), Choice::Approve);
        assert!(early.is_err(), "{early:?}");
        // Whoever takes the seat before its turn reads it, too.
        let heir = app.visit(&second);
        heir.get(&page_of(&record)).expect(404);
        disable(&app, &desk, desk.approver.id);
        heir.page(&page_of(&record)).assert_says("One at a time");
        vote(&app, &desk.colleague, &record, 1, (0, 0), Choice::Approve).unwrap();
        vote(&app, &second, &record, 1, (1, 0), Choice::Approve).unwrap();
        assert_eq!(decision(&app, &record), Some(Decision::Approved));
        verified(&app);
    });
}
