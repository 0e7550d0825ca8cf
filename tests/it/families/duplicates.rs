//! A duplicate ends, and whoever it concerns joins the original.

use andon::follow::practice_of;
use andon::platform::kernel::error::Result;
use andon::records::actions::{self, Contact};
use andon::records::{self, Channel, Children, Kind, LinkType, Record};

use super::{family, incident, refused, resolve, states, under, verified};
use crate::app::{App, Desk, LogCall, each_database};
use crate::life_cycle::record_in;

fn duplicate(app: &App, desk: &Desk, record: &Record, original: &Record) -> Result<Record> {
    let practice = practice_of(record.kind);
    let (record, original) = (record.number(), original.number());
    app.act(&desk.agent, |w, v, ctx| {
        actions::duplicate(w, v, ctx, practice, record, original, "The same outage")
    })
}

#[test]
fn people_contacts_and_watchers_join_and_what_was_said_stays() {
    each_database(|app| {
        let desk = app.desk();
        let original = app.log(
            &desk.agent,
            &LogCall::incident("Card readers").from(&desk.requester),
        );
        app.travel(time::Duration::hours(2));
        let second = app.log(&desk.agent, &LogCall::incident("Tills").from(&desk.other));
        let practice = practice_of(Kind::Incident);
        app.act(&desk.agent, |w, v, ctx| {
            let caller = actions::Edit {
                overwrite: true,
                caller: Some(Some(desk.colleague.id)),
                ..actions::Edit::default()
            };
            actions::edit(w, v, ctx, second.number(), &caller)?;
            actions::add_affected(w, v, ctx, second.number(), desk.approver.id)?;
            // Who is there already is not there twice.
            actions::add_affected(w, v, ctx, second.number(), desk.requester.id)?;
            actions::watch(w, v, ctx, second.number(), desk.watcher.id)?;
            let contact = Contact {
                from: desk.other.id,
                channel: Channel::Phone,
                text: "And now?".into(),
                chaser: Some(true),
                affected: false,
                reopen: false,
                files: Vec::new(),
            };
            actions::contact(w, v, ctx, practice, second.number(), &contact).map(drop)
        })
        .unwrap();
        let ended = duplicate(&app, &desk, &second, &original).unwrap();
        assert_eq!((ended.state.as_str(), ended.is_open), ("cancelled", false));
        let ending = app.read(|r| records::ending_of(r, second.id)).unwrap();
        assert_eq!(
            (ending.code_label.as_str(), ending.text.as_str()),
            ("Duplicate", "The same outage")
        );
        let counts = app.read(|r| records::contact_counts(r, original.id));
        assert_eq!((counts.affected, counts.contacts, counts.chased), (3, 1, 1));
        let affected = app.read(|r| records::affected_of(r, original.id, None, 10));
        let mut names: Vec<&str> = affected.iter().map(|p| p.name.as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, ["Apu Voss", "Ben Okafor", "Omar Nasser"]);
        let watchers = app.read(|r| records::watchers_of(r, original.id));
        assert_eq!(watchers.len(), 1);
        // The original's own time stays, the text of the duplicate too, where it was said.
        assert_eq!(app.record(original.id).reported_at, original.reported_at);
        assert_eq!(app.count("SELECT count(*) FROM entries"), 1);
        let there = format!(
            "SELECT count(*) FROM entries e JOIN records r ON r.id = e.record_id WHERE r.number = {}",
            second.number
        );
        assert_eq!(app.count(&there), 1);
        // Both pages name the other, and whoever joined finds the original by their name.
        let agent = app.visit(&desk.agent);
        agent.page("/incidents/INC-2").assert_says("Duplicate of");
        agent.page("/incidents/INC-1").assert_says("Its duplicate");
        agent.page("/search?q=omar+nasser").assert_says("INC-1");
        let sees = app.would(&desk.other, |w, v, _| {
            records::find_visible(w, v, original.number()).map(drop)
        });
        assert!(sees.is_ok());
        verified(&app);
    });
}

#[test]
fn open_children_of_a_duplicate_go_on_under_the_original() {
    each_database(|app| {
        let desk = app.desk();
        let (second, children) = family(&app, &desk, 3);
        let original = incident(&app, &desk, "The original");
        resolve(&app, &desk, &children[0], &Children::Unasked).unwrap();
        duplicate(&app, &desk, &second, &original).unwrap();
        let (second, original) = (app.record(second.id), app.record(original.id));
        assert_eq!((second.children, second.open_children), (1, 0));
        assert_eq!((original.children, original.open_children), (2, 2));
        assert_eq!(states(&app, &children), ["resolved", "new", "new"]);
        assert_eq!(app.record(children[2].id).parent_id, Some(original.id));
        verified(&app);
    });
}

/// What moves along is as deep as it is.
#[test]
fn children_of_a_duplicate_make_no_family_too_deep() {
    each_database(|app| {
        let desk = app.desk();
        let chain = |of: &str, n: usize| -> Vec<Record> {
            let title = |n| format!("{of} {n}");
            let all: Vec<Record> = (0..n).map(|n| incident(&app, &desk, &title(n))).collect();
            for pair in all.windows(2) {
                under(&app, &desk.agent, &pair[1], &pair[0]).unwrap();
            }
            all
        };
        let (high, low) = (chain("High", 9), chain("Low", 4));
        refused(duplicate(&app, &desk, &low[0], &high[8]), "family-too-deep");
        assert!(app.record(low[0].id).is_open);
        duplicate(&app, &desk, &low[0], &high[7]).unwrap();
        assert_eq!(app.record(low[1].id).parent_id, Some(high[7].id));
        verified(&app);
    });
}

/// Two in opposite directions, a duplicate of a duplicate, of itself, of what has ended: a clear
/// message, and nothing half-done.
#[test]
fn what_cannot_be_an_original_is_named() {
    each_database(|app| {
        let desk = app.desk();
        let all: Vec<Record> = (0..4)
            .map(|n| incident(&app, &desk, &format!("Trouble {n}")))
            .collect();
        let closed = record_in(&app, &desk, Kind::Incident, "closed");
        let resolved = record_in(&app, &desk, Kind::Incident, "resolved");
        duplicate(&app, &desk, &all[1], &all[0]).unwrap();
        under(&app, &desk.agent, &all[3], &all[2]).unwrap();
        let facts = app.count("SELECT count(*) FROM facts");
        let rows = "SELECT count(*) FROM links";
        let links = app.count(rows);
        let refuse = |record: &Record, original: &Record, key: &str| {
            refused(duplicate(&app, &desk, record, original), key)
        };
        refuse(&all[0], &all[0], "duplicate-of-itself");
        refuse(&all[0], &all[1], "duplicate-of-own");
        let args = refuse(&all[2], &all[1], "duplicate-of-duplicate");
        let named = ("original", "INC-1".to_owned());
        assert!(args.contains(&named), "{args:?}");
        refuse(&all[0], &closed, "duplicate-of-ended");
        refuse(&all[0], &resolved, "duplicate-of-ended");
        refuse(&all[2], &all[3], "duplicate-below");
        refuse(&all[1], &all[2], "move-not-possible");
        refuse(&closed, &all[2], "move-not-possible");
        let unknown = app.act(&desk.agent, |w, v, ctx| {
            let practice = practice_of(Kind::Incident);
            let unknown = "REQ-77".parse().unwrap();
            actions::duplicate(w, v, ctx, practice, all[0].number(), unknown, "")
        });
        refused(unknown, "record-unknown");
        assert_eq!(app.count("SELECT count(*) FROM facts"), facts);
        assert_eq!(app.count(rows), links);
        // The link comes and goes with the end, not by hand.
        let by_hand = app.act(&desk.agent, |w, v, ctx| {
            let (one, other) = (all[2].number(), all[0].number());
            actions::link(w, v, ctx, one, other, LinkType::DuplicateOf)
        });
        refused(by_hand, "link-duplicate-by-itself");
        let link = app.act(&desk.agent, |w, v, _| {
            Ok(records::links_of(w, v, all[0].id)?[0].id)
        });
        let link = link.unwrap();
        let undone = app.act(&desk.agent, |w, v, ctx| {
            actions::unlink(w, v, ctx, all[0].number(), link)
        });
        refused(undone, "link-duplicate-stays");
        verified(&app);
    });
}

#[test]
fn two_at_once_never_are_duplicates_of_each_other() {
    each_database(|app| {
        let desk = app.desk();
        for _ in 0..4 {
            let (a, b) = (incident(&app, &desk, "A"), incident(&app, &desk, "B"));
            let outcomes: Vec<Result<Record>> = std::thread::scope(|scope| {
                let one = scope.spawn(|| duplicate(&app, &desk, &a, &b));
                let other = scope.spawn(|| duplicate(&app, &desk, &b, &a));
                [one, other].map(|t| t.join().unwrap()).into()
            });
            assert_eq!(
                outcomes.iter().filter(|o| o.is_ok()).count(),
                1,
                "{outcomes:?}"
            );
        }
        verified(&app);
    });
}

#[test]
fn the_page_ends_a_record_as_a_duplicate() {
    each_database(|app| {
        let desk = app.desk();
        let (original, second) = (
            incident(&app, &desk, "Outage"),
            incident(&app, &desk, "The same"),
        );
        let agent = app.visit(&desk.agent);
        let path = app.path(&second);
        agent.page(&path).assert_says("Duplicate of…");
        let form = agent.page(&format!("{path}/duplicate"));
        let form = form.form(&format!("{path}/duplicate"));
        let form = form.set("cancellation_text", "Same outage, other words");
        agent.send(&form).expect(422);
        let wrong = agent
            .send(&form.clone().set("original", "nothing"))
            .expect(422);
        wrong.assert_says("There is no such record");
        assert!(wrong.html().contains("Same outage, other words"));
        let own = agent
            .send(&form.clone().set("original", "INC-2"))
            .expect(422);
        own.assert_says("A record cannot be a duplicate of itself");
        let done = agent.send(&form.set("original", "inc1")).expect(303);
        assert!(
            done.location().contains("/incidents/INC-1"),
            "{}",
            done.location()
        );
        agent
            .follow(&done)
            .assert_says("INC-2 ended as a duplicate of this record");
        assert_eq!(app.record(second.id).state, "cancelled");
        assert!(app.record(original.id).is_open);
        // It cannot end so again.
        assert_eq!(agent.get(&format!("{path}/duplicate")).status, 409);
        verified(&app);
    });
}

/// A link of the time when somebody could say it by hand.
fn said_by_hand(app: &App, desk: &Desk, record: &Record, original: &Record) {
    app.act(&desk.agent, |w, v, ctx| {
        let (from, to) = (record.number(), original.number());
        actions::link(w, v, ctx, from, to, LinkType::Related)
    })
    .unwrap();
    app.write(|w| {
        use andon::schema::links;
        use diesel::prelude::*;
        let link = links::table.filter(links::from_id.eq(record.id));
        diesel::update(link)
            .set(links::link_type.eq(LinkType::DuplicateOf))
            .execute(&mut **w)?;
        Ok(())
    });
}

/// Such a link neither keeps a record from ending as that duplicate, nor the one that goes on from
/// being an original.
#[test]
fn a_link_made_by_hand_becomes_the_one_it_ends_by() {
    each_database(|app| {
        let desk = app.desk();
        let [first, second, third] = ["A", "B", "C"].map(|title| incident(&app, &desk, title));
        said_by_hand(&app, &desk, &first, &second);
        duplicate(&app, &desk, &third, &first).unwrap();
        let third = app.record(third.id);
        duplicate(&app, &desk, &first, &second).unwrap();
        assert_eq!(
            states(&app, &[first, second.clone(), third]),
            ["cancelled", "new", "cancelled"]
        );
        assert_eq!(app.count("SELECT count(*) FROM links"), 2);
        let page = app.visit(&desk.agent).page(&app.path(&second));
        page.assert_says("Its duplicate");
        assert!(!page.html().contains("/links/"), "it stays");
        verified(&app);
    });
}

#[test]
fn a_link_made_by_hand_can_be_taken_away_while_the_record_goes_on() {
    each_database(|app| {
        let desk = app.desk();
        for seen_from in [0, 1] {
            let both = [incident(&app, &desk, "A"), incident(&app, &desk, "B")];
            said_by_hand(&app, &desk, &both[0], &both[1]);
            // The one it leads to may have ended.
            resolve(&app, &desk, &both[1], &Children::Unasked).unwrap();
            let agent = app.visit(&desk.agent);
            let path = app.path(&both[seen_from]);
            let mut forms = agent.page(&path).forms().into_iter();
            let form = forms.find(|form| form.action.contains("/links/"));
            agent.send(&form.unwrap()).expect(303);
            assert_eq!(app.count("SELECT count(*) FROM links"), 0);
        }
        verified(&app);
    });
}
