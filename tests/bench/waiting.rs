//! Incidents like one, as their page says why; and taking the next of fifty thousand that wait.

use std::time::Instant;

use andon::follow::practice_of;
use andon::people::{self, Person, Team, Visitor};
use andon::platform::db::Id;
use andon::platform::kernel::clock::Clock;
use andon::platform::kernel::ctx::{Ctx, Door};
use andon::records::{Group, Kind, Record, actions};
use andon::schema::{records, team_members};
use andon::services::{self, fields::FAIR_TEAMS};
use diesel::prelude::*;

use crate::load::Rounds;
use crate::report::Column;
use crate::scenarios::Bench;
use crate::world::World;

/// How many wait, and how many of them are taken.
const WAITING: i64 = 50_000;
const TAKEN: usize = 300;

impl Bench<'_> {
    /// Incidents like one of many others.
    pub fn similar(&self) -> Rounds {
        let long = self.world.long.iter();
        let open: Vec<String> = long
            .filter(|number| number.kind == Kind::Incident)
            .map(|number| format!("{}/similar", number.path()))
            .collect();
        self.get(|c, n| open[(c * 25 + n as usize) % open.len()].clone())
    }
}

/// Takes one after the other in the fair order, each in a commit of its own.
pub fn next(world: &World, column: &mut Column) {
    let agent: Id<Person> = world.agents[0];
    let prepared = world.store.write_here(|w| {
        let teams: Vec<Id<Team>> = team_members::table
            .filter(team_members::person_id.eq(agent))
            .order(team_members::team_id)
            .select(team_members::team_id)
            .load(&mut **w)?;
        let fair: Vec<String> = teams.iter().map(Id::to_string).collect();
        services::set_setting(w, FAIR_TEAMS, &fair.join(","))?;
        let ids: Vec<Id<Record>> = records::table
            .filter(records::kind.eq_any([Kind::Incident, Kind::Problem]))
            .order(records::id.desc())
            .limit(WAITING)
            .select(records::id)
            .load(&mut **w)?;
        for some in ids.chunks(500) {
            diesel::update(records::table.filter(records::id.eq_any(some.to_vec())))
                .set((
                    records::is_open.eq(true),
                    records::state.eq("new"),
                    records::state_group.eq(Group::Open),
                    records::assignee_id.eq(None::<Id<Person>>),
                    records::team_id.eq(teams[0]),
                ))
                .execute(&mut **w)?;
        }
        Ok(teams)
    });
    let teams = prepared.expect("fifty thousand that wait");
    let mut took: Vec<f64> = (0..TAKEN).map(|_| take(world, agent, &teams)).collect();
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took[(took.len() as f64 * share) as usize];
    column.put(
        "taking the next of 50,000 that wait, p50 and p95 ms",
        format!("{:.1}, {:.1}", at(0.5), at(0.95)),
    );
}

/// How long one takes, in milliseconds.
fn take(world: &World, agent: Id<Person>, teams: &[Id<Team>]) -> f64 {
    let began = Instant::now();
    let now = Clock::system().now();
    let taken = world.store.write_here(|w| {
        let person = people::find_person(w, agent)?;
        let visitor = Visitor::offline(&person, teams.to_vec(), now);
        let ctx = Ctx {
            now,
            actor: visitor.actor(),
            on_behalf_of: None,
            door: Door::Web,
            request_id: String::new(),
        };
        actions::take_next(w, &visitor, &ctx, practice_of)
    });
    let next = taken.expect("one that waits");
    assert!(matches!(next, actions::Next::Fair { .. }), "{next:?}");
    began.elapsed().as_secs_f64() * 1000.0
}
