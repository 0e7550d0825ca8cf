//! Deadlines, suspension, reminders: time never approves anything.

use andon::approvals::actions;
use andon::approvals::terms::Count;
use andon::approvals::{Choice, Decision};
use andon::platform::kernel::error::Error;
use time::Duration;

use super::*;
use crate::app::each_database;
use crate::instants::verified;

#[test]
fn undecided_at_the_start_of_the_window_is_not_decided_in_time() {
    each_database(|app| {
        let desk = app.desk();
        let mut board = stage("Board", &[&desk.approver], Count::Any);
        board.reminder = Some(24);
        keep(&app, &desk, &policy(vec![board]));
        let record = change(&app, &desk);
        let mut asked = case(&desk, &record);
        asked.decide_by = Some(hours(&app, 48));
        let at = asked.decide_by.unwrap();
        submit(&app, &desk, &asked);
        app.work();
        assert_eq!(app.count("SELECT count(*) FROM notices"), 1);
        app.travel(Duration::hours(25));
        app.work();
        app.work();
        assert_eq!(
            app.count("SELECT count(*) FROM notices"),
            2,
            "reminded once"
        );
        verified(&app);
        app.travel(Duration::hours(23));
        // A vote at the last instant is too late, whether a worker has looked or not.
        let late = vote(&app, &desk.approver, &record, 1, (0, 0), Choice::Approve);
        assert!(matches!(late, Err(Error::Refused(_))), "{late:?}");
        app.travel(Duration::hours(5));
        app.work();
        assert_eq!(
            standing(&app, &record).decision,
            Some((Decision::NotDecidedInTime, at))
        );
        assert_eq!(
            app.count("SELECT count(*) FROM rounds WHERE decision IS NOT NULL"),
            1
        );
        app.visit(&desk.approver)
            .page("/notices")
            .assert_says("Not decided in time");
        verified(&app);
        // And a window in the past is refused before anybody is asked.
        asked.revision = 2;
        let past = app.act(&desk.manager, |w, v, ctx| {
            andon::approvals::submit(w, v, ctx, &asked)
        });
        assert!(matches!(past, Err(Error::Refused(m)) if m.key == "approval-window-past"));
    });
}

#[test]
fn a_suspended_round_waits_and_its_deadline_moves() {
    each_database(|app| {
        let desk = app.desk();
        let mut board = stage("Board", &[&desk.approver], Count::Any);
        board.deadline = Some(4);
        keep(&app, &desk, &policy(vec![board]));
        let record = change(&app, &desk);
        submit(&app, &desk, &case(&desk, &record));
        let manager = app.visit(&desk.manager);
        let path = page_of(&record);
        let form = manager.page(&path).form("/suspension");
        manager.send(&form).expect(422);
        let form = form.set("reason", "The vendor answers tomorrow");
        manager.send(&form).expect(303);
        let refused = vote(&app, &desk.approver, &record, 1, (0, 0), Choice::Approve);
        assert!(matches!(refused, Err(Error::Refused(m)) if m.key == "approval-no-vote-suspended"));
        app.visit(&desk.approver)
            .page(&path)
            .assert_says("The vendor answers tomorrow");
        app.travel(Duration::hours(30));
        app.work();
        assert_eq!(decision(&app, &record), None);
        // An agent does not steer.
        let agent = app.act(&desk.agent, |w, v, ctx| {
            actions::go_on(w, v, ctx, record.number(), 1)
        });
        assert!(matches!(agent, Err(Error::Forbidden(_))), "{agent:?}");
        let manager = app.visit(&desk.manager);
        let form = manager.page(&path).form("/continuation");
        manager.send(&form).expect(303);
        app.travel(Duration::hours(3));
        assert_eq!(decision(&app, &record), None);
        app.travel(Duration::hours(1));
        app.work();
        assert_eq!(decision(&app, &record), Some(Decision::NotDecidedInTime));
        verified(&app);
    });
}
