//! What one trouble that many people call about costs: a parent with 500 children, looked at and
//! resolved, and one incident with 2,000 contacts and affected people.

use std::time::{Duration, Instant};

use andon::follow::practice_of;
use andon::people::{self, Person, Visitor};
use andon::platform::db::{Id, Write};
use andon::platform::kernel::clock::Clock;
use andon::platform::kernel::ctx::{Ctx, Door};
use andon::platform::kernel::error::Result;
use andon::records::actions::{self, Contact, Log};
use andon::records::{Channel, Kind, Number, PriorityWish};

use crate::client::encode;
use crate::load::Rounds;
use crate::scenarios::Bench;

const CHILDREN: usize = 500;
const FAMILIES: usize = 3;
const CALLS: usize = 2_000;

/// The page that shows what will happen, and the press that does it.
#[derive(Debug, Clone, Copy)]
pub struct Resolved {
    pub preview: Duration,
    pub press: Duration,
}

impl Bench<'_> {
    /// The middle one of three families.
    pub fn family(&self) -> Resolved {
        let mut took: Vec<Resolved> = (0..FAMILIES).map(|_| self.resolve(self.parent())).collect();
        took.sort_unstable_by_key(|t| t.preview + t.press);
        took[FAMILIES / 2]
    }

    fn resolve(&self, parent: Number) -> Resolved {
        let (mut client, cookie) = (self.client(), &self.world.cookies[0]);
        let path = format!("{}/resolution", parent.path());
        let began = Instant::now();
        let page = client.get(&path, cookie).text();
        let preview = began.elapsed();
        let lines = page.matches("</li>").count();
        assert!(lines >= CHILDREN, "every child is shown, not {lines}");
        let value = |name: &str| {
            let from = page.find(&format!("name=\"{name}\" value=\"")).expect(name);
            let rest = &page[from..];
            rest.split('"').nth(3).expect(name).to_owned()
        };
        let form = format!(
            "form_key={}&family=with&plan={}&resolution_code=fixed&resolution_text={}",
            value("form_key"),
            value("plan"),
            encode("The acquirer renewed its certificate.")
        );
        let began = Instant::now();
        let reply = client.post(&path, cookie, &form);
        let press = began.elapsed();
        assert_eq!(reply.status, 303, "{}", reply.text());
        let left = client.get(&format!("/queue?view=open&parent={parent}"), cookie);
        assert!(
            !left.text().contains("Reader "),
            "no child is open any more"
        );
        Resolved { preview, press }
    }

    fn parent(&self) -> Number {
        self.write(|w, v, ctx| {
            let parent = log(w, v, ctx, "Card readers decline everything")?;
            for n in 0..CHILDREN {
                let child = log(w, v, ctx, &format!("Reader {n} declines everything"))?;
                actions::set_parent(w, v, ctx, child, Some(parent))?;
            }
            Ok(parent)
        })
    }

    /// The page of an incident that 2,000 people called about, all of whom it affects.
    pub fn contacts(&self) -> Rounds {
        let number = self.write(|w, v, ctx| {
            let number = log(w, v, ctx, "Card readers decline everything")?;
            for person in self.world.requesters.iter().cycle().take(CALLS) {
                let contact = Contact {
                    from: person.parse().expect("an id"),
                    channel: Channel::Phone,
                    text: "Ours too, since this morning.".into(),
                    chaser: None,
                    affected: true,
                    reopen: false,
                    files: Vec::new(),
                };
                actions::contact(w, v, ctx, practice_of(Kind::Incident), number, &contact)?;
            }
            Ok(number)
        });
        self.look(&number.path(), "Ours too, since this morning.");
        self.get(|_, _| number.path())
    }

    /// Does something as the first agent, in one commit.
    fn write<T>(&self, f: impl Fn(&mut Write<'_>, &Visitor, &Ctx) -> Result<T>) -> T {
        let now = Clock::system().now();
        let agent: Id<Person> = self.world.agents[0];
        let done = self.world.store.write_here(|w| {
            let person = people::find_person(w, agent)?;
            let visitor = Visitor::offline(&person, Vec::new(), now);
            let ctx = Ctx {
                now,
                actor: visitor.actor(),
                on_behalf_of: None,
                door: Door::Web,
                request_id: String::new(),
            };
            f(w, &visitor, &ctx)
        });
        done.expect("the write succeeds")
    }
}

fn log(w: &mut Write<'_>, visitor: &Visitor, ctx: &Ctx, title: &str) -> Result<Number> {
    let command = Log {
        requester: None,
        channel: Channel::Phone,
        title: title.to_owned(),
        description: String::new(),
        service: None,
        category: None,
        item: None,
        location: None,
        priority: PriorityWish {
            impact: Some(2),
            urgency: Some(2),
            ..PriorityWish::default()
        },
        team: None,
        assignee: None,
        reported_at: None,
        files: Vec::new(),
    };
    let practice = practice_of(Kind::Incident);
    Ok(actions::log(w, visitor, ctx, practice, &command)?.number())
}
