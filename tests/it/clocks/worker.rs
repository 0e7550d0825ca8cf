//! The worker that was stopped: everything that came due meanwhile is done once, with its true time.

use std::collections::HashMap;

use andon::app::workers;
use andon::follow;
use andon::people;
use andon::platform::db::{Id, Store, Utc};
use andon::records::{Channel, Kind, PriorityWish, Record, actions};
use andon::schema::teams;
use diesel::prelude::*;
use serde_json::json;
use time::Duration;

use super::proof::proved;
use super::{agreement, always};
use crate::app::{App, Desk, each_database};
use crate::instants::verified;

const TIMERS: usize = 1_000;

/// As many incidents as there are timers, in one transaction, all of one agent in one team.
fn log_all(app: &App, desk: &Desk) {
    let practice = follow::practice_of(Kind::Incident);
    app.act(&desk.agent, |w, visitor, ctx| {
        for n in 0..TIMERS {
            let mut ctx = ctx.clone();
            // Each at an instant of its own, so that each is due at one.
            ctx.now = Utc::from_micros(ctx.now.micros() + n as i64);
            let command = actions::Log {
                requester: Some(desk.requester.id),
                channel: Channel::Portal,
                title: format!("Timer {n}"),
                description: String::new(),
                service: None,
                category: None,
                item: None,
                location: None,
                priority: PriorityWish {
                    impact: Some(3),
                    urgency: Some(2),
                    ..PriorityWish::default()
                },
                team: Some(desk.desk),
                assignee: Some(desk.agent.id),
                reported_at: None,
                files: Vec::new(),
            };
            actions::log(w, visitor, &ctx, practice, &command)?;
        }
        Ok(())
    })
    .expect("a thousand incidents");
}

/// The workers of another process on the same database, after one that ended or beside it.
fn started_again(app: &App, now: Utc) {
    let store = Store::new(app.database.url.clone(), 2, follow::up);
    actix_web::rt::System::new()
        .block_on(workers::run(&store, now))
        .expect("workers that work");
}

fn breaches(app: &App) -> Vec<(Id<Record>, Utc)> {
    use andon::schema::facts;
    app.read(|r| {
        Ok(facts::table
            .filter(facts::name.eq("incident.breached"))
            .order(facts::seq)
            .select((facts::subject_id, facts::occurred_at))
            .load::<(Id<andon::journal::Fact>, Utc)>(r)?)
    })
    .into_iter()
    .map(|(id, at)| (Id::from_uuid(id.uuid()), at))
    .collect()
}

/// How many notices each of them has, and how many things the newest tells.
fn told(app: &App, desk: &Desk) -> Vec<(usize, usize)> {
    let everybody = [&desk.agent, &desk.manager, &desk.colleague];
    let of = everybody.map(|human| {
        let notices = app.read(|r| people::list_notices(r, human.id, None, 100));
        let items = notices.first().map_or(0, |notice| {
            serde_json::from_str::<Vec<serde_json::Value>>(&notice.data)
                .unwrap()
                .len()
        });
        (notices.len(), items)
    });
    of.to_vec()
}

#[test]
fn a_thousand_timers_that_came_due_while_nobody_looked() {
    each_database(|app| {
        let desk = app.desk();
        app.write(|w| {
            diesel::update(teams::table.find(desk.desk))
                .set(teams::lead_id.eq(desk.manager.id))
                .execute(&mut **w)?;
            Ok(())
        });
        let calendar = always(&app, &desk.administrator);
        let steps = json!({"steps": [{
            "target": "resolution", "when": {"percent": 100}, "tell": ["assignee", "team_lead"], "flag": true,
        }]});
        let targets = json!({"resolution": "1 business hours"});
        agreement(
            &app,
            &desk.administrator,
            calendar,
            "Incidents",
            targets,
            steps,
        );
        log_all(&app, &desk);
        app.work();
        assert_eq!(breaches(&app), []);
        let due: HashMap<Id<Record>, Utc> = app.read(|r| {
            use andon::schema::records;
            let rows: Vec<(Id<Record>, Utc)> = records::table
                .select((records::id, records::next_due_at))
                .load(r)?;
            Ok(rows.into_iter().collect())
        });
        assert_eq!(due.len(), TIMERS);
        // Nobody looks for two hours; then two processes start at once.
        app.travel(Duration::hours(2));
        let now = app.now();
        std::thread::scope(|scope| {
            scope.spawn(|| started_again(&app, now));
            scope.spawn(|| started_again(&app, now));
        });
        let found = breaches(&app);
        assert_eq!(found.len(), TIMERS);
        for (record, at) in &found {
            assert_eq!(
                *at, due[record],
                "a breach has the instant at which it was due"
            );
        }
        let once: HashMap<_, _> = found.iter().copied().collect();
        assert_eq!(once.len(), TIMERS);
        // One notice each, of everything there was; nobody else has any.
        assert_eq!(told(&app, &desk), [(1, TIMERS), (1, TIMERS), (0, 0)]);
        // Started three times more, with the time jumping about.
        for jump in [Duration::ZERO, -Duration::hours(1), Duration::hours(1)] {
            started_again(&app, now.plus(jump));
            app.work();
            assert_eq!(breaches(&app).len(), TIMERS);
            assert_eq!(told(&app, &desk), [(1, TIMERS), (1, TIMERS), (0, 0)]);
        }
        let steps = app.count("SELECT count(*) FROM clock_steps");
        assert_eq!(steps, 2 * TIMERS as i64, "the breach and the step of each");
        assert_eq!(proved(&app), TIMERS as u64);
        verified(&app);
    });
}
