//! Many at once: whoever comes second sees what the first one did.

use std::sync::Barrier;

use andon::approvals::terms::Count;
use andon::approvals::{Choice, Decision};

use super::*;
use crate::app::each_database;
use crate::instants::verified;

#[test]
fn a_hundred_votes_and_revisions_at_once_never_approve_what_nobody_was_asked() {
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
        let barrier = Barrier::new(4);
        std::thread::scope(|scope| {
            for (seat, who) in people.iter().enumerate() {
                let (app, barrier, record) = (&app, &barrier, &record);
                scope.spawn(move || {
                    barrier.wait();
                    for _ in 0..25 {
                        let round = standing(app, record).number;
                        let choice = if seat == 2 {
                            Choice::Reject
                        } else {
                            Choice::Approve
                        };
                        let _ = vote(app, who, record, round, (0, seat), choice);
                    }
                });
            }
            let (app, barrier, record, desk) = (&app, &barrier, &record, &desk);
            scope.spawn(move || {
                barrier.wait();
                for n in 2..27 {
                    let mut next = case(desk, record);
                    next.revision = n;
                    next.content[1].text = format!("Plan {n}");
                    submit(app, desk, &next);
                }
            });
        });
        // Whatever came of each, it is what its own votes are counted to.
        verified(&app);
        let last = standing(&app, &record);
        assert_eq!(last.revision, 26);
        if let Some((Decision::Approved, _)) = last.decision {
            let yes = "SELECT count(*) FROM round_events JOIN rounds ON rounds.id = round_id \
                       WHERE revision = 26 AND choice = 'approve'";
            assert_eq!(app.count(yes), 2);
        }
        let twice = "SELECT count(*) FROM (SELECT round_id FROM round_events WHERE what = 'voted' \
                     GROUP BY round_id, stage, seat HAVING count(*) > 1) AS twice";
        assert_eq!(app.count(twice), 0);
    });
}

/// A hundred people press at the same instant: votes for oneself and for others, votes taken back, new
/// revisions, somebody who loses the role, a meeting, a round suspended and gone on with.
#[test]
fn a_hundred_at_once_never_approve_without_two_humans_who_may() {
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
        // Everybody lets the administrator decide: who may do so for one of them alone.
        for who in people {
            let wanted = actions::Delegate {
                to: Some(desk.administrator.id),
                starts_at: Some(app.now()),
                ends_at: Some(hours(&app, 24)),
            };
            app.act(who, |w, v, ctx| actions::delegate(w, v, ctx, wanted))
                .unwrap();
        }
        let barrier = Barrier::new(100);
        std::thread::scope(|scope| {
            for n in 0..100_usize {
                let (app, desk, barrier, record) = (&app, &desk, &barrier, &record);
                scope.spawn(move || {
                    barrier.wait();
                    let round = standing(app, record).number;
                    let seat = n % 3;
                    match n % 10 {
                        0 => {
                            let mut next = case(desk, record);
                            next.revision = 2 + n as i32;
                            next.content[1].text = format!("Plan {n}");
                            let _ = app.act(&desk.manager, |w, v, ctx| {
                                andon::approvals::submit(w, v, ctx, &next)
                            });
                        }
                        1 | 2 => {
                            let stand_in = &desk.administrator;
                            let _ = vote(app, stand_in, record, round, (0, seat), Choice::Approve);
                        }
                        3 => {
                            let _ = app.act(people[seat], |w, v, ctx| {
                                actions::withdraw(w, v, ctx, record.number(), round, (0, seat))
                            });
                        }
                        4 => {
                            let _ = app.act(&desk.manager, |w, v, ctx| match n % 20 {
                                4 => actions::suspend(w, v, ctx, record.number(), round, "Wait"),
                                _ => actions::go_on(w, v, ctx, record.number(), round),
                            });
                        }
                        5 if n == 55 => roles(app, desk, &desk.approver, Roles::NONE),
                        _ => {
                            let _ =
                                vote(app, people[seat], record, round, (0, seat), Choice::Approve);
                        }
                    }
                });
            }
        });
        verified(&app);
        // Whatever was approved, two humans said yes to it, each once, and nobody from two seats.
        let alone = "SELECT count(*) FROM rounds WHERE decision = 'approved' AND \
                     (SELECT count(DISTINCT person_id) FROM round_events \
                      WHERE round_id = rounds.id AND choice = 'approve') < 2";
        assert_eq!(app.count(alone), 0);
        let newest = standing(&app, &record).number;
        let open =
            format!("SELECT count(*) FROM rounds WHERE decision IS NULL AND number < {newest}");
        assert_eq!(app.count(&open), 0, "an older round goes on");
    });
}
