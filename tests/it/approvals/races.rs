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
