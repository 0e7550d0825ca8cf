//! The plan, carried out by the ordinary actions, each step at its own time and by its own person.

use std::collections::HashMap;

use super::cast::{CALLERS, Cast};
use super::catalogue::Catalogue;
use super::estate::SUPPLIERS;
use super::plan::{Due, Errand, Logged, Plan, Planned, Step, Wait};
use crate::changes::{self, PlanForm};
use crate::follow::practice_of;
use crate::incidents;
use crate::items::Item;
use crate::people::meanwhile::Edit;
use crate::people::{self, Person, Team, Upload, Visitor};
use crate::platform::db::{Id, Store, Utc, Write};
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::{Error, Result};
use crate::records::actions::{
    self, AddTask, Assign, Contact, HandOff, HoldCommand, Log, Reopen, Resolve, Say, SendBack,
    Sentence,
};
use crate::records::pages::written_local;
use crate::records::{self, Channel, Kind, Number, Practices, PriorityWish, Record};
use crate::services;
use crate::tasks::{self, Holder};

/// Steps one commit takes.
const BATCH: usize = 100;

/// Where the steps happen.
pub struct Stage<'a> {
    pub store: &'a Store,
    pub cast: &'a Cast,
    pub catalogue: &'a Catalogue,
    /// Items by the name of their service.
    pub items: &'a HashMap<&'static str, Vec<Id<Item>>>,
    pub files: &'a [Upload],
}

impl Stage<'_> {
    /// Plays the whole plan and gives back how many records came of it.
    pub fn play(&self, plan: &Plan) -> Result<usize> {
        let mut numbers: Vec<Option<Number>> = vec![None; plan.records.len()];
        // What follows from a step comes at the end of its transaction: one ends with each step that
        // something follows from, so that nothing that happened later is told before it.
        let is_followed = |due: &Due| {
            let planned = plan.records.get(due.record);
            let of_problem = planned.is_some_and(|planned| planned.kind == Kind::Problem);
            let ends = matches!(due.step, Step::Cancel(_) | Step::Link(..) | Step::Resolve);
            of_problem || ends
        };
        let parts = plan.steps.split_inclusive(is_followed);
        for steps in parts.flat_map(|part| part.chunks(BATCH)) {
            numbers = self.store.write_here(|w| {
                // What was made in this very transaction counts, and a second try begins anew.
                let mut numbers = numbers.clone();
                for due in steps {
                    self.step(w, plan, &mut numbers, due)?;
                }
                Ok(numbers)
            })?;
        }
        Ok(numbers.into_iter().flatten().count())
    }

    /// One step. What the rules do not allow by then (a hold that ended by itself) does not happen.
    fn step(
        &self,
        w: &mut Write<'_>,
        plan: &Plan,
        numbers: &mut [Option<Number>],
        due: &Due,
    ) -> Result<()> {
        let Some(planned) = plan.records.get(due.record) else {
            return Ok(());
        };
        let visitor = self.visitor(due)?;
        let ctx = Ctx {
            now: due.at,
            actor: visitor.actor(),
            on_behalf_of: None,
            door: Door::Demo,
            request_id: String::new(),
        };
        let turn = Turn {
            stage: self,
            visitor,
            ctx,
            planned,
        };
        let outcome = match (&due.step, numbers.get(due.record).copied().flatten()) {
            (Step::Log(logged), None) => turn.log(w, logged, due.by).and_then(|number| {
                if let Some(slot) = numbers.get_mut(due.record) {
                    *slot = Some(number);
                }
                turn.acknowledged(w, number)
            }),
            (Step::Take, Some(number)) => turn
                .take(w, plan, numbers, number, &Step::Take)
                .and_then(|_| turn.acknowledged(w, number)),
            (step, Some(number)) => turn.take(w, plan, numbers, number, step).map(drop),
            _ => Ok(()),
        };
        match outcome {
            Err(Error::Refused(_)) => Ok(()),
            other => other,
        }
    }

    fn visitor(&self, due: &Due) -> Result<Visitor> {
        let person = self
            .cast
            .staff
            .get(due.by)
            .ok_or_else(|| Error::inward("the plan names a colleague who is none"))?;
        let team = super::cast::STAFF.get(due.by).and_then(|c| c.team);
        let teams = team.and_then(|team| self.cast.teams.get(team).copied());
        Ok(Visitor::offline(
            person,
            teams.into_iter().collect(),
            due.at,
        ))
    }
}

/// One person doing one thing.
struct Turn<'a> {
    stage: &'a Stage<'a>,
    visitor: Visitor,
    ctx: Ctx,
    planned: &'a Planned,
}

impl Turn<'_> {
    fn log(&self, w: &mut Write<'_>, logged: &Logged, by: usize) -> Result<Number> {
        let Stage {
            cast,
            catalogue,
            items,
            ..
        } = self.stage;
        let story = &self.planned.story;
        let late = time::Duration::minutes(logged.late);
        let requester = logged
            .caller
            .and_then(|caller| cast.callers.get(caller).copied());
        // Where they work, as the form proposes it.
        let location = match requester {
            Some(id) => people::find_person(w, id)?.location_id,
            None => None,
        };
        // Two of three name the item.
        let own = items.get(story.service).map_or(&[][..], Vec::as_slice);
        let turn = story.title.len();
        let item = own
            .get(turn % own.len().max(1))
            .filter(|_| !turn.is_multiple_of(3));
        let command = Log {
            requester,
            channel: logged.channel,
            title: story.title.clone(),
            description: story.description.trim_end().to_owned(),
            service: catalogue.services.get(story.service).copied(),
            category: catalogue.categories.get(story.category).copied(),
            item: item.copied(),
            location,
            priority: PriorityWish {
                impact: Some(story.impact),
                urgency: Some(story.urgency),
                ..PriorityWish::default()
            },
            team: logged.kept.then(|| cast.teams.first().copied()).flatten(),
            assignee: logged
                .kept
                .then(|| cast.staff.get(by).map(|person| person.id))
                .flatten(),
            reported_at: (logged.late > 0).then(|| self.ctx.now.minus(late)),
            files: self.file(logged.file),
        };
        let (visitor, ctx) = (&self.visitor, &self.ctx);
        let (kind, mistaken_for) = (self.planned.kind, self.planned.mistaken_for);
        let practice = practice_of(mistaken_for.unwrap_or(kind));
        let mut record = actions::log(w, visitor, ctx, practice, &command)?;
        if mistaken_for.is_some() {
            let why = match kind {
                Kind::Request => "Nothing is broken: this is wanted.",
                _ => "This worked until yesterday.",
            };
            let practices = Practices(practice_of);
            record = actions::change_kind(w, visitor, ctx, practices, record.number(), why)?;
        }
        Ok(record.number())
    }

    /// Many steps share a transaction here, whose consequences come at its end: this one belongs
    /// behind its own step.
    fn acknowledged(&self, w: &mut Write<'_>, number: Number) -> Result<()> {
        let record = records::find_visible(w, &self.visitor, number)?;
        if record.kind == Kind::Incident && record.assignee_id.is_some() {
            incidents::acknowledge(w, &self.ctx, record.id)?;
        }
        Ok(())
    }

    /// What is said and joined; the rest are moves.
    fn take(
        &self,
        w: &mut Write<'_>,
        plan: &Plan,
        numbers: &[Option<Number>],
        number: Number,
        step: &Step,
    ) -> Result<Record> {
        let (visitor, ctx) = (&self.visitor, &self.ctx);
        match step {
            Step::Reply(body, file) => {
                actions::reply(w, visitor, ctx, number, &self.say(body, *file))
            }
            Step::Note(body, file) => {
                actions::note(w, visitor, ctx, number, &self.say(body, *file))
            }
            Step::Watch(caller) => match self.stage.cast.callers.get(*caller) {
                Some(person) => actions::watch(w, visitor, ctx, number, *person),
                None => records::find_visible(w, visitor, number),
            },
            Step::Link(other, link) => match numbers.get(*other).copied().flatten() {
                Some(other) => actions::link(w, visitor, ctx, number, other, *link),
                None => records::find_visible(w, visitor, number),
            },
            Step::Contact(caller, said) => {
                let Some(from) = self.stage.cast.callers.get(*caller).copied() else {
                    return records::find_visible(w, visitor, number);
                };
                let contact = Contact {
                    from,
                    channel: Channel::Phone,
                    text: (*said).to_owned(),
                    chaser: None,
                    affected: true,
                    reopen: false,
                    files: Vec::new(),
                };
                let practice = practice_of(self.planned.kind);
                Ok(actions::contact(w, visitor, ctx, practice, number, &contact)?.record)
            }
            Step::Hold(wait) => {
                let command = self.hold(w, plan, numbers, *wait)?;
                let practice = practice_of(self.planned.kind);
                actions::hold(w, visitor, ctx, practice, number, &command)
            }
            Step::Take => self.assign(w, number, None, Some(visitor.id)),
            Step::Pass(team) => {
                let team = self.stage.cast.teams.get(*team).copied();
                self.assign(w, number, Some(team), None)
            }
            Step::HandOff(team, (tried, wanted)) => {
                let command = HandOff {
                    overwrite: true,
                    team: self.stage.cast.teams.get(*team).copied(),
                    sentence: Sentence {
                        tried: (*tried).to_owned(),
                        wanted: (*wanted).to_owned(),
                    },
                    ..HandOff::default()
                };
                let practice = practice_of(self.planned.kind);
                actions::hand_off(w, visitor, ctx, practice, number, &command)
            }
            Step::SendBack(why) => {
                let command = SendBack {
                    overwrite: true,
                    reason: (*why).to_owned(),
                    ..SendBack::default()
                };
                let practice = practice_of(self.planned.kind);
                actions::send_back(w, visitor, ctx, practice, number, &command)
            }
            Step::Parent(other) | Step::Duplicate(other) => {
                match numbers.get(*other).copied().flatten() {
                    Some(other) => self.join(w, number, other, step),
                    None => records::find_visible(w, visitor, number),
                }
            }
            Step::Task(errand) => self.add_task(w, number, errand),
            Step::TaskDone => self.finish_task(w, number),
            step => self.advance(w, number, step),
        }
    }

    /// Under another record, or ended as its duplicate.
    fn join(&self, w: &mut Write<'_>, one: Number, other: Number, step: &Step) -> Result<Record> {
        let (visitor, ctx) = (&self.visitor, &self.ctx);
        if let Step::Parent(_) = step {
            return actions::set_parent(w, visitor, ctx, one, Some(other));
        }
        let practice = practice_of(self.planned.kind);
        let text = "The same outage, told in other words.";
        actions::duplicate(w, visitor, ctx, practice, one, other, text)
    }

    fn add_task(&self, w: &mut Write<'_>, number: Number, errand: &Errand) -> Result<Record> {
        let team = errand.team.and_then(|team| self.stage.cast.teams.get(team));
        let me = Holder::Person(self.visitor.id);
        let command = AddTask {
            title: errand.title.to_owned(),
            who: Some(team.map_or(me, |team| Holder::Team(*team))),
            due_at: Some(errand.due_at),
            blocking: errand.blocking,
        };
        actions::add_task(w, &self.visitor, &self.ctx, number, &command)?;
        records::find_visible(w, &self.visitor, number)
    }

    fn finish_task(&self, w: &mut Write<'_>, number: Number) -> Result<Record> {
        let record = records::find_visible(w, &self.visitor, number)?;
        if let Some(task) = tasks::open_of(w, record.id.cast())?.first() {
            actions::finish_task(w, &self.visitor, &self.ctx, number, task.id)?;
        }
        records::find_visible(w, &self.visitor, number)
    }

    fn assign(
        &self,
        w: &mut Write<'_>,
        number: Number,
        team: Option<Option<Id<Team>>>,
        assignee: Option<Id<Person>>,
    ) -> Result<Record> {
        let command = Assign {
            overwrite: true,
            team,
            assignee: Some(assignee),
            ..Assign::default()
        };
        let practice = practice_of(self.planned.kind);
        actions::assign(w, &self.visitor, &self.ctx, practice, number, &command)
    }

    /// Plans a change for one of the weeks to come, and has it assessed.
    fn assess(&self, w: &mut Write<'_>, number: Number) -> Result<Record> {
        let (visitor, ctx) = (&self.visitor, &self.ctx);
        let record = records::find_visible(w, visitor, number)?;
        let service = match record.service_id {
            Some(id) => Some(id),
            None => services::list_services(w)?.first().map(|s| s.id),
        };
        let seen = PlanForm {
            change_type: "normal".into(),
            rollout: "at_once".into(),
            ..PlanForm::default()
        };
        let days = 2 + record.number % 26;
        let at = |hours| {
            let at = ctx.now.plus(time::Duration::days(days));
            written_local(at.plus(time::Duration::hours(hours)), &visitor.zone)
        };
        let asked = PlanForm {
            environment: "production".into(),
            change_services: service.map_or_else(String::new, |id| id.to_string()),
            window_starts_at: at(0),
            window_ends_at: at(2),
            outage_minutes: (10 * (record.number % 3)).to_string(),
            implementer: record
                .assignee_id
                .map_or_else(String::new, |id| id.to_string()),
            implementation_plan:
                "Drain the first node.\nUpgrade it and run the checks.\nRepeat for the others."
                    .into(),
            test_plan: "Sign in, open a page, print one.".into(),
            backout_plan: "Boot the former image and restore the settings.".into(),
            backout_minutes: "25".into(),
            backout_rehearsed: record.number % 2 == 0,
            risk_reach: "site".into(),
            risk_reversible: "tested".into(),
            risk_done_before: "once".into(),
            risk_steps: "several".into(),
            ..seen.clone()
        };
        changes::edit_plan(w, visitor, ctx, number, &Edit { seen, asked })?;
        changes::assess(w, visitor, ctx, number)
    }

    fn advance(&self, w: &mut Write<'_>, number: Number, step: &Step) -> Result<Record> {
        let practice = practice_of(self.planned.kind);
        let (visitor, ctx) = (&self.visitor, &self.ctx);
        let by_itself = Ctx::system(ctx.now, Door::Demo);
        let story = &self.planned.story;
        match step {
            Step::Assess => self.assess(w, number),
            Step::Advance(to) => actions::advance(w, visitor, ctx, practice, number, to, ""),
            Step::Reject => {
                let why = "Not within this quarter's budget; ask again in spring, please.";
                actions::advance(w, visitor, ctx, practice, number, "rejected", why)
            }
            Step::Resume => actions::resume(w, visitor, ctx, practice, number),
            Step::ResumeByItself => {
                let record = records::find_visible(w, visitor, number)?;
                actions::resume_by_itself(w, &by_itself, practice, record)
            }
            Step::Resolve => {
                let command = Resolve {
                    code: story.code.clone(),
                    text: story.fix.clone(),
                };
                actions::resolve(w, visitor, ctx, practice, number, &command)
            }
            Step::Cancel(code) => {
                let command = Resolve {
                    code: (*code).to_owned(),
                    text: String::new(),
                };
                actions::cancel(w, visitor, ctx, practice, number, &command)
            }
            Step::Close => actions::close(w, visitor, ctx, practice, number),
            Step::CloseByItself => {
                let record = records::find_visible(w, visitor, number)?;
                actions::close_by_itself(w, &by_itself, practice, record)
            }
            Step::Reopen => {
                let caller = CALLERS.get(story.title.len() % CALLERS.len());
                let command = Reopen {
                    who: caller.map(|name| (*name).to_owned()).unwrap_or_default(),
                    why: "It was fine until this morning, now it is the same again.".to_owned(),
                };
                actions::reopen(w, visitor, ctx, practice, number, &command)
            }
            _ => {
                let record = records::find_visible(w, visitor, number)?;
                match step {
                    Step::FirstContact => incidents::mark_first_contact(w, ctx, record),
                    _ => Ok(record),
                }
            }
        }
    }

    fn say(&self, body: &str, file: Option<usize>) -> Say {
        Say {
            anyway: true,
            body: body.to_owned(),
            files: self.file(file),
            ..Say::default()
        }
    }

    fn file(&self, file: Option<usize>) -> Vec<Upload> {
        let file = file.and_then(|file| self.stage.files.get(file));
        file.into_iter().cloned().collect()
    }

    /// What a hold brings; a change or problem to wait for is the newest that is open, and without
    /// one it waits for something other.
    fn hold(
        &self,
        w: &mut Write<'_>,
        plan: &Plan,
        numbers: &[Option<Number>],
        wait: Wait,
    ) -> Result<HoldCommand> {
        let story = &self.planned.story;
        let of = |reason: &str| HoldCommand {
            reason: reason.to_owned(),
            ..HoldCommand::default()
        };
        let open = |w: &mut Write<'_>, kind| self.newest_open(w, plan, numbers, kind);
        Ok(match wait {
            // What monitoring raised has nobody to ask.
            Wait::Requester if self.planned.is_monitored() => of("other"),
            Wait::Requester => HoldCommand {
                question: if story.ask.is_empty() {
                    "Could you tell us when it happened last, and on which device?".to_owned()
                } else {
                    story.ask.clone()
                },
                ..of("requester")
            },
            Wait::Appointment(at) => HoldCommand {
                resume_at: Some(at),
                ..of("appointment")
            },
            Wait::Supplier => {
                let turn = story.title.len() % SUPPLIERS.len();
                HoldCommand {
                    supplier: SUPPLIERS.get(turn).copied().unwrap_or_default().to_owned(),
                    supplier_case: format!("77-{}", 1_000 + story.title.len() * 13),
                    ..of("supplier")
                }
            }
            Wait::Change | Wait::Problem => {
                let (kind, reason) = match wait {
                    Wait::Change => (Kind::Change, "change"),
                    _ => (Kind::Problem, "problem"),
                };
                match open(w, kind)? {
                    Some(number) => HoldCommand {
                        for_record: Some(number),
                        ..of(reason)
                    },
                    None => of("other"),
                }
            }
            Wait::Other => of("other"),
        })
    }

    fn newest_open(
        &self,
        w: &mut Write<'_>,
        plan: &Plan,
        numbers: &[Option<Number>],
        kind: Kind,
    ) -> Result<Option<Number>> {
        let mut made: Vec<(Utc, Number)> = plan
            .records
            .iter()
            .zip(numbers)
            .filter(|(planned, _)| planned.kind == kind)
            .filter_map(|(planned, number)| Some((planned.begins, (*number)?)))
            .collect();
        made.sort_by_key(|(begins, _)| std::cmp::Reverse(*begins));
        for (_, number) in made.into_iter().take(8) {
            if records::find_visible(w, &self.visitor, number)?.is_open {
                return Ok(Some(number));
            }
        }
        Ok(None)
    }
}
