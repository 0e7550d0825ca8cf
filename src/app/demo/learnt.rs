//! What Northgate learnt from a bad morning three weeks ago: the incident, the post-mortem over it as it
//! was published, what comes of it (done, late, declined), and the known error that helps meanwhile.

mod words;

use time::Duration;

use super::cast::Cast;
use super::catalogue::Catalogue;
use super::enablement::as_of;
use super::majors::say;
use super::plan::MANAGER;
use crate::follow::practice_of;
use crate::incidents::{Source, Which};
use crate::people::{Person, Visitor};
use crate::platform::db::page::Way;
use crate::platform::db::{Id, Store, Utc, Write};
use crate::platform::kernel::ctx::{Ctx, Door};
use crate::platform::kernel::error::{Error, Result};
use crate::postmortems::rules::timeline::{Knowledge, Reach};
use crate::postmortems::{self, Annotate, People, RaiseItem, SaveSection};
use crate::problems::rules::known_errors::{Audience, Publication};
use crate::problems::{self, EditFactor, OpenFrom, Publish};
use crate::records::actions::{self, Assign, Log, Resolve, Say};
use crate::records::{
    self, Channel, Filter, Kind, LinkType, Number, Order, PriorityWish, Record, Sort,
};
use words::{FACTORS, HELPS, ITEMS, LEADS, LOOKS_INTO_IT, REVIEWS, SECTIONS, STORES, TAKES_CALLS};

/// Where it happens.
struct Told<'a> {
    store: &'a Store,
    cast: &'a Cast,
    catalogue: &'a Catalogue,
    now: Utc,
}

/// Plays it up to `now`, and says how many records there are.
pub fn play(store: &Store, cast: &Cast, catalogue: &Catalogue, now: Utc) -> Result<usize> {
    let told = Told {
        store,
        cast,
        catalogue,
        now,
    };
    let incident = told.incident()?;
    let over = told.raised(&incident)?;
    told.written(over)?;
    let problem = told.problem(&incident, over)?;
    let items = told.items(over)?;
    told.published(over)?;
    told.done(&items, problem)?;
    told.known_error(problem)?;
    // With the call that the known error helped on.
    Ok(items.len() + 4)
}

impl Told<'_> {
    /// Somebody of the staff does something, in a transaction of its own: what follows from it is told in
    /// its order.
    fn act<T>(
        &self,
        who: usize,
        at: Utc,
        f: impl Fn(&mut Write<'_>, &Visitor, &Ctx) -> Result<T>,
    ) -> Result<T> {
        let (visitor, ctx) = as_of(self.cast, who, at)?;
        self.store.write_here(|w| f(w, &visitor, &ctx))
    }

    fn ago(&self, days: i64, minutes: i64) -> Utc {
        let at = self.now.minus(Duration::days(days));
        at.plus(Duration::minutes(minutes))
    }

    fn person(&self, place: usize) -> Option<Id<Person>> {
        self.cast.staff.get(place).map(|person| person.id)
    }

    fn call(&self, title: &str, description: &str, level: i32, who: Option<usize>) -> Log {
        Log {
            requester: self.cast.callers.get(8).copied(),
            channel: Channel::Phone,
            title: title.to_owned(),
            description: description.to_owned(),
            service: self.catalogue.services.get("Card payments").copied(),
            category: (self.catalogue.categories).get("Payment terminal").copied(),
            item: None,
            location: None,
            priority: PriorityWish {
                impact: Some(level),
                urgency: Some(level),
                ..PriorityWish::default()
            },
            team: self.cast.teams.get(STORES).copied(),
            assignee: who.and_then(|who| self.person(who)),
            reported_at: None,
            files: Vec::new(),
        }
    }

    /// Reported, looked into, solved, closed: as urgent as there are, so a rule asks for what follows.
    fn incident(&self) -> Result<Record> {
        let at = |minutes| self.ago(20, minutes);
        let practice = practice_of(Kind::Incident);
        let log = self.call(
            "Card readers decline every card in fourteen stores",
            "Readers show connecting, then declined. Cash is fine.",
            1,
            Some(LOOKS_INTO_IT),
        );
        let record = self.act(TAKES_CALLS, at(0), |w, v, ctx| {
            actions::log(w, v, ctx, practice, &log)
        })?;
        let number = record.number();
        self.act(LOOKS_INTO_IT, at(6), |w, v, ctx| {
            actions::advance(w, v, ctx, practice, number, "in_progress", "")
        })?;
        let note = Say {
            anyway: true,
            body: "Memory of the first gateway is full, the second is filling. Restarting them in turn."
                .to_owned(),
            ..Say::default()
        };
        self.act(LOOKS_INTO_IT, at(21), |w, v, ctx| {
            actions::note(w, v, ctx, number, &note)
        })?;
        self.act(LOOKS_INTO_IT, at(66), |w, v, ctx| {
            let said = [
                (
                    Which::ImpactBegan,
                    -11,
                    Source::Log,
                    "First errors in the log",
                ),
                (Which::Detected, 0, Source::Person, "The caller"),
                (Which::Mitigated, 59, Source::Log, "First payments again"),
            ];
            say(w, v, ctx, number, record.reported_at, &said)
        })?;
        let fixed = Resolve {
            code: "fixed".to_owned(),
            text: "Both gateways restarted; readers come back once they are switched off and on."
                .to_owned(),
        };
        self.act(LOOKS_INTO_IT, at(70), |w, v, ctx| {
            actions::resolve(w, v, ctx, practice, number, &fixed)
        })?;
        self.act(TAKES_CALLS, self.ago(19, 0), |w, v, ctx| {
            actions::close(w, v, ctx, practice, number)
        })
    }

    /// The post-mortem that was raised over it, with who leads, who reads, who was there.
    fn raised(&self, incident: &Record) -> Result<Number> {
        let newest = self.store.read_here(|r| {
            let filter = Filter {
                kind: Some(Kind::Postmortem),
                ..Filter::default()
            };
            let order = Order {
                sort: Sort::Number,
                ascending: false,
            };
            let everyone = Visitor::command(self.now);
            records::list(r, &everyone, &filter, order, Way::Next, None, 1)
        })?;
        // It is called as what it is over.
        let over = newest.rows.iter().find(|row| row.title == incident.title);
        let over = over.map(|row| row.number());
        let over = over.ok_or_else(|| Error::inward("no rule asked for a post-mortem"))?;
        let people = People {
            facilitator: self.person(LEADS),
            reviewer: self.person(REVIEWS),
            participants: [TAKES_CALLS, LEADS, LOOKS_INTO_IT]
                .into_iter()
                .filter_map(|place| self.person(place))
                .collect(),
            meeting_at: Some(self.ago(17, 0)),
            meeting_place: "Room Wharfe, and online".to_owned(),
            due_at: Some(self.ago(13, 0)),
        };
        self.act(MANAGER, self.ago(19, 30), |w, v, ctx| {
            postmortems::edit_people(w, v, ctx, over, &people)
        })?;
        Ok(over)
    }

    fn written(&self, over: Number) -> Result<()> {
        let mut minutes = 0;
        for (who, section, text) in SECTIONS {
            minutes += 7;
            let save = SaveSection {
                section,
                base: 0,
                text: text.to_owned(),
            };
            self.act(who, self.ago(18, minutes), |w, v, ctx| {
                postmortems::save_section(w, v, ctx, over, &save)
            })?;
        }
        for (code, text, evidence) in FACTORS {
            minutes += 7;
            let factor = EditFactor {
                code: code.to_owned(),
                text: text.to_owned(),
                evidence: evidence.to_owned(),
            };
            self.act(LEADS, self.ago(18, minutes), |w, v, ctx| {
                problems::add_factor(w, v, ctx, over, &factor)
            })?;
        }
        let entry = Annotate {
            id: None,
            on: None,
            at: Some(self.ago(20, 14)),
            text: "The second gateway takes over, and begins to fill.".to_owned(),
            evidence: "Memory graph".to_owned(),
            knowledge: Knowledge::Later,
            reach: Reach::Internal,
            is_key: true,
            is_hidden: false,
            odd_time: false,
        };
        self.act(LOOKS_INTO_IT, self.ago(18, minutes + 7), |w, v, ctx| {
            postmortems::annotate(w, v, ctx, over, &entry)
        })?;
        Ok(())
    }

    fn problem(&self, incident: &Record, over: Number) -> Result<Number> {
        let practice = practice_of(Kind::Problem);
        let open = OpenFrom {
            title: "Payment gateways run out of memory while stores are open".to_owned(),
            description: "Sessions that have ended are kept until the gateway is restarted."
                .to_owned(),
            service: None,
            incidents: vec![incident.number()],
        };
        let at = |minutes| self.ago(17, minutes);
        let record = self.act(LEADS, at(30), |w, v, ctx| {
            problems::open_from(w, v, ctx, &open)
        })?;
        let number = record.number();
        let assign = Assign {
            overwrite: true,
            assignee: Some(self.person(LOOKS_INTO_IT)),
            ..Assign::default()
        };
        self.act(LEADS, at(35), |w, v, ctx| {
            actions::assign(w, v, ctx, practice, number, &assign)
        })?;
        self.act(LOOKS_INTO_IT, at(50), |w, v, ctx| {
            actions::link(w, v, ctx, over, number, LinkType::Related)?;
            actions::advance(w, v, ctx, practice, number, "under_investigation", "")
        })?;
        Ok(number)
    }

    fn items(&self, over: Number) -> Result<Vec<Number>> {
        let mut items = Vec::new();
        for (title, kind, owner, due, verification) in ITEMS {
            let item = RaiseItem {
                title: title.to_owned(),
                description: String::new(),
                kind,
                owner: self.person(owner),
                team: None,
                due_at: Some(self.ago(-due, 0)),
                verification: verification.to_owned(),
            };
            let at = self.ago(17, 60 + 5 * items.len() as i64);
            let raised = self.act(LEADS, at, |w, v, ctx| {
                postmortems::raise_item(w, v, ctx, over, &item)
            })?;
            items.push(raised.number());
        }
        Ok(items)
    }

    /// Those who were there agree on the facts; whoever wrote nothing of it reads and publishes it.
    fn published(&self, over: Number) -> Result<()> {
        for (who, minutes) in [(TAKES_CALLS, 0), (LOOKS_INTO_IT, 20), (LEADS, 45)] {
            self.act(who, self.ago(16, minutes), |w, v, ctx| {
                postmortems::say_of_facts(w, v, ctx, over, true, "")
            })?;
        }
        self.act(LEADS, self.ago(16, 50), |w, v, ctx| {
            postmortems::agree_facts(w, v, ctx, over, None)
        })?;
        self.act(LEADS, self.ago(16, 55), |w, v, ctx| {
            postmortems::submit(w, v, ctx, over)
        })?;
        self.act(REVIEWS, self.ago(15, 0), |w, v, ctx| {
            postmortems::publish(w, v, ctx, over)
        })?;
        Ok(())
    }

    /// One is verified, one late, one carried by the problem, one will not be done, one waits for somebody
    /// to look.
    fn done(&self, items: &[Number], problem: Number) -> Result<()> {
        let &[alert, restart, release, list, page] = items else {
            return Err(Error::inward("the sample data has other action items"));
        };
        let practice = practice_of(Kind::Action);
        let moved = |who, days, number, state: &str| {
            self.act(who, self.ago(days, 0), |w, v, ctx| {
                actions::advance(w, v, ctx, practice, number, state, "")
            })
        };
        self.act(LEADS, self.ago(14, 0), |w, v, ctx| {
            postmortems::carry_item(w, v, ctx, release, Some(problem))
        })?;
        let declined = Resolve {
            code: "wont_do".to_owned(),
            text: "The numbers stand on every store's page, which is never older than a day."
                .to_owned(),
        };
        self.act(LEADS, self.ago(11, 0), |w, v, ctx| {
            actions::cancel(w, v, ctx, practice, list, &declined)
        })?;
        moved(LOOKS_INTO_IT, 10, alert, "in_progress")?;
        // Reminded three days ahead, and on the day.
        self.reminded(alert, self.ago(9, 0))?;
        moved(LOOKS_INTO_IT, 8, alert, "done")?;
        self.act(LEADS, self.ago(7, 0), |w, v, ctx| {
            postmortems::verify_item(w, v, ctx, alert, "It fired on Tuesday, at 86 %.")
        })?;
        self.reminded(restart, self.ago(6, 0))?;
        moved(HELPS, 5, restart, "in_progress")?;
        self.reminded(restart, self.ago(3, 0))?;
        moved(HELPS, 1, page, "done")?;
        Ok(())
    }

    /// As a worker would have done it then.
    fn reminded(&self, item: Number, at: Utc) -> Result<()> {
        let (ctx, everyone) = (Ctx::system(at, Door::Demo), Visitor::command(at));
        self.store.write_here(|w| {
            let record = records::find_visible(w, &everyone, item)?;
            postmortems::remind_of_item(w, &ctx, record)
        })
    }

    /// Published an hour ago; since then somebody called whom it helped.
    fn known_error(&self, problem: Number) -> Result<()> {
        let publish = Publish {
            publication: Publication {
                symptoms: "Card readers show connecting, then declined, while cash is fine".to_owned(),
                workaround: "Switch the reader off, count to ten, switch it on: it signs in at the other gateway."
                    .to_owned(),
                audience: Audience::Requesters,
            },
            seen: 0,
        };
        let at = |minutes: i64| self.ago(0, -minutes);
        self.act(LOOKS_INTO_IT, at(58), |w, v, ctx| {
            problems::publish(w, v, ctx, problem, &publish)
        })?;
        let log = self.call(
            "Card reader shows “connecting”, then declines the card",
            "The one at the second till. Cash is fine.",
            3,
            Some(TAKES_CALLS),
        );
        let practice = practice_of(Kind::Incident);
        let record = self.act(TAKES_CALLS, at(41), |w, v, ctx| {
            actions::log(w, v, ctx, practice, &log)
        })?;
        let number = record.number();
        self.act(TAKES_CALLS, at(39), |w, v, ctx| {
            problems::use_workaround(w, v, ctx, number, problem)
        })?;
        let reply = Say {
            anyway: true,
            body: publish.publication.workaround.clone(),
            ..Say::default()
        };
        self.act(TAKES_CALLS, at(38), |w, v, ctx| {
            actions::reply(w, v, ctx, number, &reply)
        })?;
        self.act(TAKES_CALLS, at(27), |w, v, ctx| {
            problems::worked(w, v, ctx, number, problem, true)
        })?;
        Ok(())
    }
}
