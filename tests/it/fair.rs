//! The fair order: work that waits is not forgotten. A place is kept as the facts say it; of every five
//! pulls one is kept for problems and action items; a first line takes as before.

use andon::follow::practice_of;
use andon::platform::db::{Id, Utc};
use andon::platform::kernel::error::Result;
use andon::records::actions::{self, HoldCommand, Next, Reopen, Resolve};
use andon::records::fair::{Class, EVERY, deadline};
use andon::records::{Kind, Practices, Record, Verb};
use time::Duration;

use crate::app::{App, Desk, Human, LogCall, each_database};
use crate::instants::{tampered, verified};

/// The desk's team takes in the fair order from now on; the network's does not.
fn fair(app: &App, desk: &Desk) {
    let client = app.visit(&desk.administrator);
    let page = client.page("/settings/fair-order");
    let form = page.form("/settings/fair-order");
    let form = form.set("fair_teams", &desk.desk.to_string());
    client.send(&form).expect(303);
}

fn logged(app: &App, desk: &Desk, kind: Kind, title: &str) -> Record {
    let call = LogCall {
        team: Some(desk.desk),
        ..LogCall::of(kind, title)
    };
    app.log(&desk.agent, &call)
}

fn pull(app: &App, who: &Human) -> Result<Next> {
    app.act(who, |w, v, ctx| actions::take_next(w, v, ctx, practice_of))
}

fn hold(app: &App, desk: &Desk, record: &Record) {
    let command = HoldCommand {
        reason: "other".into(),
        ..HoldCommand::default()
    };
    let number = record.number();
    app.act(&desk.agent, |w, v, ctx| {
        actions::hold(w, v, ctx, practice_of(number.kind), number, &command)
    })
    .unwrap();
}

fn resume(app: &App, desk: &Desk, record: &Record) {
    let number = record.number();
    app.act(&desk.agent, |w, v, ctx| {
        actions::resume(w, v, ctx, practice_of(number.kind), number)
    })
    .unwrap();
}

#[test]
fn the_fifth_pull_is_kept_and_why_is_said_before_and_after() {
    each_database(|app| {
        let desk = app.desk();
        fair(&app, &desk);
        let problem = logged(&app, &desk, Kind::Problem, "Tills drop out");
        for n in 0..6 {
            app.travel(Duration::minutes(1));
            logged(&app, &desk, Kind::Incident, &format!("Till {n}"));
        }
        let client = app.visit(&desk.agent);
        let page = client.page("/queue/next");
        page.assert_says("nothing has an earlier place");
        page.assert_says("INC-1");
        for n in 1..=4 {
            let next = pull(&app, &desk.agent).unwrap();
            assert_eq!(next.record().number().to_string(), format!("INC-{n}"));
        }
        let page = client.page("/queue/next");
        page.assert_says("The last four pulls took no problem");
        page.assert_says("Otherwise INC-5 would be next");
        let taken = client.send(&page.form("/queue/next")).expect(303);
        let page = client.follow(&taken);
        page.assert_says("PRB-1 is yours instead of INC-5");
        assert_eq!(app.record(problem.id).assignee_id, Some(desk.agent.id));
        let history = client.page(&format!("{}?tab=history", problem.number().path()));
        history.assert_says("The pull kept for problems and action items");
        // The turn begins again.
        let next = pull(&app, &desk.agent).unwrap();
        assert_eq!(next.record().number().to_string(), "INC-5");
        let history = client.page("/incidents/INC-5?tab=history");
        history.assert_says("First in the fair order");
        pull(&app, &desk.agent).unwrap();
        client
            .page("/queue/next")
            .assert_says("Nothing unassigned waits");
        verified(&app);
    });
}

/// Whoever stands in a first line takes the most urgent, then the oldest, as before.
#[test]
fn first_line_never() {
    each_database(|app| {
        let desk = app.desk();
        let colleague = &desk.colleague;
        for with_a_fair_team in [false, true] {
            if with_a_fair_team {
                fair(&app, &desk);
            }
            let old = logged(&app, &desk, Kind::Incident, "Old and not urgent");
            app.travel(Duration::hours(9));
            let urgent = LogCall {
                impact: 1,
                urgency: 1,
                team: Some(desk.network),
                ..LogCall::incident("New and urgent")
            };
            let urgent = app.log(&desk.agent, &urgent);
            app.visit(colleague)
                .page("/queue/next")
                .assert_says("nothing is more urgent");
            let next = pull(&app, colleague).unwrap();
            assert!(matches!(next, Next::MostUrgent(_)), "{next:?}");
            assert_eq!(next.record().id, urgent.id);
            assert_eq!(pull(&app, colleague).unwrap().record().id, old.id);
            assert_eq!(app.count("SELECT count(*) FROM fair_turns"), 0);
        }
        // Nobody without the work's right, and of what they may not see nothing.
        assert!(pull(&app, &desk.requester).is_err());
        app.visit(&desk.requester).get("/queue/next").expect(403);
        let secret = logged(&app, &desk, Kind::Incident, "A secret one");
        crate::restricted::restrict(&app, &desk.agent, secret.number(), &[desk.agent.id]).unwrap();
        let manager = app.visit(&desk.manager).page("/queue/next");
        assert!(!manager.text().contains("A secret one"));
        assert!(pull(&app, &desk.manager).is_err());
        assert_eq!(pull(&app, &desk.agent).unwrap().record().id, secret.id);
    });
}

/// A place is paused by the state that every hold leads to.
#[test]
fn every_hold_leads_to_the_state_that_pauses() {
    for kind in Kind::ALL {
        let moves = practice_of(*kind).moves.iter();
        for found in moves.filter(|found| found.verb == Verb::Hold) {
            assert_eq!(found.to, "waiting", "{kind}");
        }
    }
}

/// What a story keeps of a record, to count its place by hand.
struct Work {
    id: Id<Record>,
    class: Class,
    entered: Utc,
    pauses: Vec<(Utc, Utc)>,
    paused: Option<Utc>,
    taken: bool,
}

impl Work {
    fn place(&self) -> (Utc, Id<Record>) {
        let at = deadline(self.entered, self.class.allowance(), &self.pauses);
        (at, self.id)
    }
}

/// The proof against the database: outside the one reserved pull in five no item is taken before
/// one with an earlier virtual deadline, whatever arrives; the reserved pulls follow the same order.
#[test]
fn nothing_is_taken_before_an_earlier_place_but_by_the_reserved_pull() {
    each_database(|app| {
        let desk = app.desk();
        fair(&app, &desk);
        let mut all: Vec<Work> = Vec::new();
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        let mut without = 0;
        for step in 0..160 {
            match random(10) {
                0..4 => {
                    let class = Class::ALL[random(3) as usize];
                    let kind = class.kind().unwrap();
                    let record = logged(&app, &desk, kind, &format!("Work {step}"));
                    all.push(Work {
                        id: record.id,
                        class,
                        entered: app.now(),
                        pauses: Vec::new(),
                        paused: None,
                        taken: false,
                    });
                }
                4 => app.travel(Duration::hours(random(60) as i64)),
                5 => {
                    let may = all
                        .iter_mut()
                        .filter(|work| work.class == Class::Incident && !work.taken);
                    let mut may: Vec<&mut Work> = may.collect();
                    if may.is_empty() {
                        continue;
                    }
                    let n = random(may.len() as u64) as usize;
                    let work = &mut may[n];
                    let record = app.record(work.id);
                    let now = app.now();
                    match work.paused.take() {
                        Some(from) => {
                            resume(&app, &desk, &record);
                            work.pauses.push((from, now));
                        }
                        None => {
                            hold(&app, &desk, &record);
                            work.paused = Some(now);
                        }
                    }
                }
                _ => {
                    let waits = |work: &&Work| !work.taken && work.paused.is_none();
                    let first = all.iter().filter(waits).map(Work::place).min();
                    let own = |work: &&Work| waits(work) && work.class.is_reserved();
                    let reserved = all.iter().filter(own).map(Work::place).min();
                    let next = pull(&app, &desk.agent);
                    let Some(first) = first else {
                        assert!(next.is_err());
                        continue;
                    };
                    let next = next.unwrap();
                    let id = next.record().id;
                    let Next::Fair { instead_of, .. } = &next else {
                        panic!("{next:?}");
                    };
                    let expected = match instead_of {
                        Some(other) => {
                            assert_eq!(without, EVERY - 1);
                            assert_eq!(other.id, first.1);
                            reserved.unwrap()
                        }
                        None => first,
                    };
                    assert_eq!(id, expected.1, "step {step} on {:?}", app.backend());
                    let taken = all.iter_mut().find(|work| work.id == id).unwrap();
                    taken.taken = true;
                    without = match taken.class.is_reserved() {
                        true => 0,
                        false => (without + 1).min(EVERY - 1),
                    };
                }
            }
        }
        assert!(all.iter().filter(|work| work.taken).count() > 20);
        verified(&app);
    });
}

/// Time on hold is not its own; taken up again it enters anew; of another kind it may wait as that may.
#[test]
fn a_place_is_what_the_facts_say() {
    each_database(|app| {
        let desk = app.desk();
        let one = logged(&app, &desk, Kind::Incident, "Held and resumed");
        let start = one.created_at;
        assert_eq!(one.virtual_deadline, start.plus(Duration::hours(4)));
        hold(&app, &desk, &one);
        app.travel(Duration::hours(30));
        resume(&app, &desk, &one);
        // The clock of a story goes on between two calls.
        let place = |id| app.record(id).virtual_deadline.micros() / 60_000_000;
        let after = |at: Utc, hours: i64| at.plus(Duration::hours(hours)).micros() / 60_000_000;
        assert_eq!(place(one.id), after(start, 34));
        // A request may wait two days.
        app.act(&desk.agent, |w, v, ctx| {
            actions::change_kind(w, v, ctx, Practices(practice_of), one.number(), "")
        })
        .unwrap();
        assert_eq!(place(one.id), after(start, 48 + 30));
        // Another allowance is for what comes.
        let client = app.visit(&desk.administrator);
        let form = client
            .page("/settings/fair-order")
            .form("/settings/fair-order");
        client
            .send(&form.clone().set("allowance_incident", "0"))
            .expect(422)
            .assert_says("1");
        client
            .send(&form.set("allowance_incident", "8"))
            .expect(303);
        assert_eq!(place(one.id), after(start, 78));
        let two = logged(&app, &desk, Kind::Incident, "Ended and taken up again");
        assert_eq!(place(two.id), after(app.now(), 8));
        let practice = practice_of(Kind::Incident);
        let number = two.number();
        app.travel(Duration::hours(1));
        app.act(&desk.agent, |w, v, ctx| {
            let fixed = Resolve {
                code: "fixed".into(),
                text: "Done".into(),
            };
            actions::resolve(w, v, ctx, practice, number, &fixed)
        })
        .unwrap();
        app.travel(Duration::hours(20));
        app.act(&desk.agent, |w, v, ctx| {
            let again = Reopen {
                who: "Rita".into(),
                why: "It is back".into(),
            };
            actions::reopen(w, v, ctx, practice, number, &again)
        })
        .unwrap();
        assert_eq!(place(two.id), after(app.now(), 8));
        let change = logged(&app, &desk, Kind::Change, "Of no class");
        assert_eq!(app.record(change.id).virtual_deadline, Utc::FAR);
        verified(&app);
        let sooner = "UPDATE records SET virtual_deadline = created_at WHERE number = 2";
        let found = tampered(&app, sooner);
        assert!(
            found.iter().any(|line| line.contains("virtual deadline")),
            "{found:?}"
        );
        let client = app.visit(&desk.administrator);
        let history = client.page("/settings/history/setting/fair_order");
        history.assert_says("Hours an incident may wait");
    });
}

#[test]
fn the_oldest_of_each_class_is_reported() {
    each_database(|app| {
        let desk = app.desk();
        let client = app.visit(&desk.manager);
        client
            .page("/reports/waiting")
            .assert_says("Nothing waits.");
        logged(&app, &desk, Kind::Problem, "The oldest problem");
        app.travel(Duration::days(12));
        let taken = logged(&app, &desk, Kind::Incident, "An incident somebody has");
        app.travel(Duration::hours(2));
        logged(&app, &desk, Kind::Incident, "An incident nobody has");
        app.act(&desk.agent, |w, v, ctx| {
            let mine = actions::Assign {
                seen: i64::MAX,
                assignee: Some(Some(desk.agent.id)),
                ..actions::Assign::default()
            };
            let practice = practice_of(Kind::Incident);
            actions::assign(w, v, ctx, practice, taken.number(), &mine)
        })
        .unwrap();
        let page = app.visit(&desk.manager).page("/reports/waiting");
        for said in [
            "The oldest problem",
            "12 days",
            "Passed",
            "An incident nobody has",
        ] {
            page.assert_says(said);
        }
        page.assert_says("An incident somebody has");
        app.visit(&desk.agent).get("/reports/waiting").expect(403);
    });
}
