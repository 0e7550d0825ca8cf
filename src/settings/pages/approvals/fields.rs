//! The stages of a policy's form: numbered fields, read and filled in.

use crate::approvals::terms::{Count, Entry, Part, Policy, Stage, Who};
use crate::approvals::written::{self, WrittenSeat, WrittenWho};
use crate::approvals::{board_by_name, list_boards};
use crate::people::{self, Form, find_person_named, find_team_by_name};
use crate::platform::db::{Db, Id};
use crate::platform::kernel::error::{Invalid, Message, Result};
use crate::platform::kernel::text;

/// The most stages a form has fields for.
const MOST: usize = 20;

/// A stage as its fields hold it.
pub struct StageFields {
    pub n: usize,
    pub name: String,
    pub after: String,
    pub seats: String,
    pub alternates: String,
    /// `any`, `all`, `of`.
    pub count: String,
    pub needed: String,
    pub deadline: String,
    pub reminder: String,
    pub meeting: bool,
    pub reauthenticate: bool,
    /// Word, key of its name, whether it re-opens the stage.
    pub parts: Vec<(&'static str, String, bool)>,
}

fn parts(chosen: impl Fn(Part) -> bool) -> Vec<(&'static str, String, bool)> {
    let of = |part: &Part| {
        (
            part.word(),
            format!("approval-part-{}", part.word()),
            chosen(*part),
        )
    };
    Part::ALL.iter().map(of).collect()
}

impl StageFields {
    pub fn empty(n: usize) -> Self {
        Self {
            n,
            name: String::new(),
            after: String::new(),
            seats: String::new(),
            alternates: String::new(),
            count: "all".to_owned(),
            needed: String::new(),
            deadline: String::new(),
            reminder: String::new(),
            meeting: false,
            reauthenticate: false,
            parts: parts(|part| Part::USUAL.contains(&part)),
        }
    }
}

/// What was typed, stage by stage.
pub fn of_form(form: &Form) -> Vec<StageFields> {
    let there = |n: &usize| form.has(&format!("s{n}_name"));
    let fields = (1..=MOST).take_while(there).map(|n| {
        let value = |what: &str| form.value(&format!("s{n}_{what}")).to_owned();
        let reopens = format!("s{n}_parts");
        let chosen: Vec<&str> = form.all(&reopens).collect();
        StageFields {
            n,
            name: value("name"),
            after: value("after"),
            seats: value("seats"),
            alternates: value("alternates"),
            count: value("count"),
            needed: value("needed"),
            deadline: value("deadline"),
            reminder: value("reminder"),
            meeting: form.has(&format!("s{n}_meeting")),
            reauthenticate: form.has(&format!("s{n}_password")),
            parts: parts(|part| chosen.contains(&part.word())),
        }
    });
    fields.collect()
}

/// A policy's stages as a form shows them.
pub fn of_policy(conn: &mut Db, policy: &Policy) -> Result<Vec<StageFields>> {
    let names = Names::read(conn, policy)?;
    let name = |who: &Who| names.of(who);
    let stages = policy.stages.iter().enumerate().map(|(at, stage)| {
        let lines = |entries: &[Entry]| {
            let lines = entries.iter().map(|entry| written::write(entry, &name));
            lines.collect::<Vec<_>>().join("\n")
        };
        let plain = |who: &Who| Entry {
            who: who.clone(),
            mandatory: false,
            veto: false,
        };
        let alternates: Vec<Entry> = stage.alternates.iter().map(plain).collect();
        let after = stage.after.iter().filter_map(|key| {
            let of = policy.stages.iter().find(|s| s.key == *key)?;
            Some(of.name.as_str())
        });
        let number = |n: Option<u32>| n.map_or_else(String::new, |n| n.to_string());
        let (count, needed) = match stage.count {
            Count::Any => ("any", None),
            Count::All => ("all", None),
            Count::Of(k) => ("of", Some(k)),
        };
        StageFields {
            n: at + 1,
            name: stage.name.clone(),
            after: after.collect::<Vec<_>>().join(", "),
            seats: lines(&stage.seats),
            alternates: lines(&alternates),
            count: count.to_owned(),
            needed: number(needed),
            deadline: number(stage.deadline),
            reminder: number(stage.reminder),
            meeting: stage.meeting,
            reauthenticate: stage.reauthenticate,
            parts: parts(|part| stage.reopened_by.contains(&part)),
        }
    });
    Ok(stages.collect())
}

/// What people, teams and boards of a policy are called.
struct Names(Vec<(Who, String)>);

impl Names {
    fn read(conn: &mut Db, policy: &Policy) -> Result<Self> {
        let mut names = Vec::new();
        let entries = policy.stages.iter().flat_map(|s| &s.seats).map(|e| &e.who);
        let whos = entries.chain(policy.stages.iter().flat_map(|s| &s.alternates));
        let mut people = Vec::new();
        for who in whos {
            if let Who::Person(id) = who {
                people.push(Id::from_uuid(*id));
            }
        }
        for person in people::people_by_ids(conn, &people)? {
            let shown = if person.mail.is_empty() {
                person.name
            } else {
                person.mail
            };
            names.push((Who::Person(person.id.uuid()), shown));
        }
        let teams = people::list_teams(conn)?.into_iter();
        names.extend(teams.map(|t| (Who::Team(t.id.uuid()), t.name)));
        let boards = list_boards(conn)?.into_iter();
        names.extend(boards.map(|b| (Who::Board(b.id.uuid()), b.name)));
        Ok(Self(names))
    }

    fn of(&self, who: &Who) -> String {
        let found = self.0.iter().find(|(known, _)| known == who);
        found.map_or_else(String::new, |(_, name)| name.clone())
    }
}

/// The stages a form means; one without a name is left out.
pub fn read(conn: &mut Db, form: &Form, invalid: &mut Invalid) -> Result<Vec<Stage>> {
    let fields: Vec<StageFields> = of_form(form)
        .into_iter()
        .filter(|s| !s.name.trim().is_empty())
        .collect();
    let mut stages = Vec::with_capacity(fields.len());
    for stage in &fields {
        let name = text::clean_line(&stage.name, 100).unwrap_or_else(|_| {
            invalid.add(
                "",
                Message::new("policy-stage-name-long").arg("value", stage.n),
            );
            String::new()
        });
        let after = stage
            .after
            .split(',')
            .map(str::trim)
            .filter(|s| !s.is_empty());
        let mut seats = Vec::new();
        for line in lines(&stage.seats) {
            seats.extend(entry(conn, line, invalid)?);
        }
        let mut alternates = Vec::new();
        for line in lines(&stage.alternates) {
            alternates.extend(entry(conn, line, invalid)?.map(|e| e.who));
        }
        let number = |text: &str, invalid: &mut Invalid| {
            let text = text.trim();
            let number = text.parse::<u32>().ok();
            if number.is_none() && !text.is_empty() {
                invalid.add("", Message::new("policy-not-a-number").arg("value", text));
            }
            number
        };
        let count = match stage.count.as_str() {
            "any" => Count::Any,
            "of" => Count::Of(number(&stage.needed, invalid).unwrap_or(0)),
            _ => Count::All,
        };
        let chosen = stage.parts.iter().filter(|(.., chosen)| *chosen);
        stages.push(Stage {
            key: text::fold(&name),
            name,
            after: after.map(text::fold).collect(),
            seats,
            count,
            alternates,
            meeting: stage.meeting,
            reopened_by: chosen
                .filter_map(|(word, ..)| Part::from_word(word))
                .collect(),
            deadline: number(&stage.deadline, invalid),
            reminder: number(&stage.reminder, invalid),
            reauthenticate: stage.reauthenticate,
        });
    }
    Ok(stages)
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The seat a line means; what it does not mean is said.
fn entry(conn: &mut Db, line: &str, invalid: &mut Invalid) -> Result<Option<Entry>> {
    let Ok(seat) = line.parse::<WrittenSeat>() else {
        invalid.add("", Message::new("policy-line-unknown").arg("value", line));
        return Ok(None);
    };
    let who = match seat.who {
        WrittenWho::Role(who) => Some(who),
        WrittenWho::Person(name) => {
            let found = find_person_named(conn, &name)?;
            found.map(|p| Who::Person(p.id.uuid()))
        }
        WrittenWho::Team(name) => find_team_by_name(conn, &name)?.map(|id| Who::Team(id.uuid())),
        WrittenWho::Board(name) => {
            board_by_name(conn, &name)?.map(|board| Who::Board(board.id.uuid()))
        }
    };
    let Some(who) = who else {
        invalid.add("", Message::new("policy-line-nobody").arg("value", line));
        return Ok(None);
    };
    Ok(Some(Entry {
        who,
        mandatory: seat.mandatory,
        veto: seat.veto,
    }))
}
