//! Many at once: no change enters implementing without an authority for what it says then.

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

use andon::approvals::actions::{self as approvals, Vote};
use andon::approvals::{Choice, standing};
use andon::changes::{self, ChangeType};
use andon::records::{Record, actions};

use super::approved::policy;
use super::{freeze, plan, raise, start};
use crate::app::{App, Desk, each_database};
use crate::instants::verified;

/// Every edit says something that was never said before.
static EDITS: AtomicUsize = AtomicUsize::new(0);

fn edit(app: &App, desk: &Desk, record: &Record) {
    let n = EDITS.fetch_add(1, Ordering::Relaxed);
    let edit = actions::Edit {
        seen: i64::MAX,
        title: Some(format!("Something else {n}")),
        ..actions::Edit::default()
    };
    let _ = app.act(&desk.agent, |w, v, ctx| {
        actions::edit(w, v, ctx, record.number(), &edit)
    });
}

fn vote(app: &App, desk: &Desk, record: &Record) {
    let now = app.now();
    let round = app.read(|r| standing(r, record.id, now));
    let vote = Vote {
        stage: 0,
        seat: 0,
        choice: Some(Choice::Approve),
        text: "Well".into(),
        confirmed: None,
    };
    let round = round.map_or(1, |round| round.number);
    let _ = app.act(&desk.approver, |w, v, ctx| {
        approvals::vote(w, v, ctx, record.number(), round, &vote)
    });
}

fn submit(app: &App, desk: &Desk, record: &Record) {
    let number = record.number();
    let _ = app.act(&desk.manager, |w, v, ctx| {
        changes::assess(w, v, ctx, number)
    });
    let _ = app.act(&desk.manager, |w, v, ctx| {
        changes::submit(w, v, ctx, number)
    });
}

fn revise(app: &App, desk: &Desk, record: &Record) {
    let _ = app.act(&desk.agent, |w, v, ctx| {
        changes::revise(w, v, ctx, record.number())
    });
}

fn schedule(app: &App, desk: &Desk, record: &Record) {
    let _ = app.act(&desk.manager, |w, v, ctx| {
        changes::schedule(w, v, ctx, record.number())
    });
}

/// Five people do this to each of some changes, five times each, all at once.
fn at_once(records: &[Record], what: impl Fn(usize, &Record) + Sync) {
    let barrier = Barrier::new(5);
    std::thread::scope(|scope| {
        for person in 0..5 {
            let (barrier, what) = (&barrier, &what);
            scope.spawn(move || {
                barrier.wait();
                for n in 0..5 {
                    records.iter().for_each(|record| what(person + n, record));
                }
            });
        }
    });
}

#[test]
fn a_hundred_approvals_edits_and_transitions_at_once_never_break_the_law() {
    each_database(|app| {
        let desk = app.desk();
        policy(&app, &desk);
        let of = |n: usize| {
            let asked = plan(&app, &desk, ChangeType::Normal, 1, 26);
            raise(&app, &desk, &format!("Change {n}"), asked)
        };
        let records: Vec<Record> = (0..4).map(of).collect();
        at_once(&records, |n, record| match n % 5 {
            0 => submit(&app, &desk, record),
            1 => vote(&app, &desk, record),
            2 => edit(&app, &desk, record),
            3 => schedule(&app, &desk, record),
            _ => revise(&app, &desk, record),
        });
        // Whatever came of that, some of them are scheduled when their window begins.
        for record in &records {
            revise(&app, &desk, record);
            submit(&app, &desk, record);
            vote(&app, &desk, record);
            schedule(&app, &desk, record);
        }
        let scheduled = "SELECT count(*) FROM records WHERE state = 'scheduled'";
        assert_eq!(app.count(scheduled), 4);
        app.travel(time::Duration::hours(2));
        at_once(&records, |n, record| match n % 5 {
            0 | 1 => drop(start(&app, &desk, record.number())),
            2 => edit(&app, &desk, record),
            3 => vote(&app, &desk, record),
            _ if record.id == records[3].id && n == 8 => {
                freeze(&app, &desk, "Peak trading", 0, 48);
            }
            _ => schedule(&app, &desk, record),
        });
        // Since it was asked for the last time, nothing of what began was altered.
        let altered = "SELECT count(*) FROM facts AS s WHERE s.name = 'change.started' AND EXISTS \
             (SELECT 1 FROM facts AS e WHERE e.subject_id = s.subject_id AND e.seq < s.seq \
              AND e.name IN ('change.edited', 'change.planned') AND e.seq > \
              (SELECT max(o.seq) FROM facts AS o WHERE o.subject_id = s.subject_id \
               AND o.name = 'approval.round_opened' AND o.seq < s.seq))";
        assert_eq!(app.count(altered), 0);
        // Every one that began was approved before.
        let unapproved = "SELECT count(*) FROM facts AS s WHERE s.name = 'change.started' \
             AND NOT EXISTS (SELECT 1 FROM facts AS d WHERE d.subject_id = s.subject_id \
              AND d.name = 'approval.decided' AND d.seq < s.seq \
              AND CAST(d.data AS TEXT) LIKE '%\"approved\"%')";
        assert_eq!(app.count(unapproved), 0);
        // None began once the freeze stood.
        let frozen = "SELECT count(*) FROM facts AS s JOIN facts AS f ON f.name = 'freeze.added' \
             AND f.seq < s.seq WHERE s.name = 'change.started'";
        assert_eq!(app.count(frozen), 0);
        let twice = "SELECT count(*) FROM (SELECT subject_id FROM facts \
             WHERE name = 'change.started' GROUP BY subject_id HAVING count(*) > 1) AS twice";
        assert_eq!(app.count(twice), 0);
        verified(&app);
    });
}
