//! Records with their history: logged, worked on, most of them closed.
//!
//! The newest twenty thousand hold the open ones, every fourth of them; the first two hundred of
//! those have exactly forty entries. Everything else has as many entries as make the total.

use andon::entries::{Audience, Entry};
use andon::follow::practice_of;
use andon::journal::{Change, Head, NewFact, Value};
use andon::platform::db::{Id, Utc};
use andon::platform::kernel::text::index_text;
use andon::records::fair::{Class, Place};
use andon::records::{
    self, Channel, Group, Hold, Kind, PrioritySource, Record, Resolution, changes_with,
};
use andon::service_levels::ClockState;
use time::Duration;
use uuid::Uuid;

use super::Size;
use super::desk::{Desk, ctx, fact_row, teams_of};
use super::rows::{Batch, EntryRow, Indexed, RecordRow, id_at};
use super::words::{Random, Words};

/// Open records with exactly this many entries, and how many of them there are.
pub const LONG: u64 = 40;
pub const LONG_RECORDS: u64 = 200;

pub struct Maker<'a> {
    pub size: Size,
    pub now: Utc,
    pub words: &'a Words,
    pub desk: &'a Desk,
    /// The last number of each kind, in the order of [`Kind::ALL`].
    pub numbers: [i64; 4],
    texts: u64,
    entries_left: u64,
    longs: u64,
}

/// A record on its way through its history.
struct Life<'m, 'a> {
    maker: &'m mut Maker<'a>,
    batch: &'m mut Batch,
    random: Random,
    record: Record,
    at: Utc,
    agent: usize,
}

impl<'a> Maker<'a> {
    pub fn new(size: Size, now: Utc, words: &'a Words, desk: &'a Desk) -> Self {
        Self {
            size,
            now,
            words,
            desk,
            numbers: [0; 4],
            texts: 0,
            entries_left: size.entries - LONG * LONG_RECORDS,
            longs: 0,
        }
    }

    /// Writes record number `n` of all into the batch.
    pub fn make(&mut self, n: u64, batch: &mut Batch) {
        let mut random = Random(n.wrapping_mul(0x5851_F42D_4C95_7F2D) ^ 0xA11D);
        let from_end = self.size.records - n;
        let open = from_end <= self.size.open * 4 && from_end.is_multiple_of(4);
        let long = open && self.longs < LONG_RECORDS;
        let entries = if long {
            self.longs += 1;
            LONG
        } else {
            let others = from_end - (LONG_RECORDS - self.longs).min(from_end);
            let share = self.entries_left / others.max(1);
            let share = share + u64::from(!self.entries_left.is_multiple_of(others.max(1)));
            let share = share.min(self.entries_left);
            self.entries_left -= share;
            share
        };
        // Three years of records; the newest was logged an hour ago.
        let age = Duration::hours(1)
            + Duration::seconds(94_608_000) * from_end as i32 / self.size.records as i32;
        let at = self.now.minus(age);
        let record = self.blank(at, &mut random);
        let agent = random.below(self.desk.agents.len());
        let mut life = Life {
            maker: self,
            batch,
            random,
            record,
            at,
            agent,
        };
        life.live(entries, open);
        let record = life.record;
        batch.records.push(RecordRow::from(record));
    }

    fn blank(&mut self, at: Utc, random: &mut Random) -> Record {
        let kind = match random.below(20) {
            0..14 => Kind::Incident,
            14..18 => Kind::Request,
            18 => Kind::Problem,
            _ => Kind::Change,
        };
        let place = Kind::ALL.iter().position(|k| *k == kind).unwrap_or(0);
        self.numbers[place] += 1;
        let mut title = String::new();
        self.words.sentence(random, 7, &mut title);
        let description = self.words.text(self.texts, 34);
        let (impact, urgency) = (1 + random.below(3) as i32, 1 + random.below(3) as i32);
        let desk = self.desk;
        Record {
            id: id_at(at, random.next()),
            kind,
            number: self.numbers[place],
            title,
            requester_id: Some(desk.requesters[random.below(desk.requesters.len())].id),
            service_id: Some(desk.services[random.below(desk.services.len())].id),
            category_id: Some(desk.categories[random.below(desk.categories.len())].id),
            team_id: Some(desk.teams[random.below(desk.teams.len())].id),
            assignee_id: None,
            channel: Channel::ALL[random.below(Channel::ALL.len())],
            impact,
            urgency,
            priority: match impact + urgency {
                2 => 1,
                3 => 2,
                4 => 3,
                _ => 4,
            },
            priority_source: PrioritySource::Matrix,
            priority_reason: String::new(),
            state: practice_of(kind).first.to_owned(),
            state_group: Group::Open,
            is_open: true,
            created_at: at,
            reported_at: at,
            updated_at: at,
            next_due_at: Utc::FAR,
            next_risk_at: Utc::FAR,
            clock_state: ClockState::None,
            resolved_at: None,
            closed_at: None,
            reassignments: 0,
            reopens: 0,
            version: 1,
            facts: 0,
            facts_head: Vec::new(),
            description,
            item_id: None,
            location_id: None,
            parent_id: None,
            children: 0,
            open_children: 0,
            kind_changes: 0,
            is_major: false,
            has_instants: false,
            is_restricted: false,
            // The first team is the desk: it answers to every caller, whoever does the work.
            owner_team_id: Some(desk.teams[0].id),
            handoffs: 0,
            entered_at: at,
            virtual_deadline: Place::entering(at, Class::of(kind).map(Class::allowance)).deadline,
            paused_since: None,
        }
    }

    fn label(&self, field: &str, id: Uuid) -> String {
        fn name<T>(all: &[super::desk::Named<T>], id: Uuid) -> Option<String> {
            all.iter()
                .find(|x| x.id.uuid() == id)
                .map(|x| x.name.clone())
        }
        match field {
            "requester" => name(&self.desk.requesters, id),
            "service" => name(&self.desk.services, id),
            "category" => name(&self.desk.categories, id),
            "team" | "owner_team" => name(&self.desk.teams, id),
            _ => name(&self.desk.agents, id),
        }
        .expect("a known id")
    }

    fn index(
        &mut self,
        batch: &mut Batch,
        record: Id<Record>,
        entry: Option<Id<Entry>>,
        public: bool,
        text: &str,
    ) {
        self.texts += 1;
        batch.texts.push(Indexed {
            record,
            entry,
            public,
            body: index_text(text),
        });
    }
}

impl Life<'_, '_> {
    fn live(&mut self, entries: u64, open: bool) {
        let team = self.record.team_id;
        let members: Vec<usize> = (0..self.maker.desk.agents.len())
            .filter(|a| {
                teams_of(*a)
                    .iter()
                    .any(|t| Some(self.maker.desk.teams[*t].id) == team)
            })
            .collect();
        let assigned = !open || !self.random.chance(5);
        if assigned {
            self.agent = members[self.random.below(members.len())];
            self.record.assignee_id = Some(self.maker.desk.agents[self.agent].id);
            if self.record.kind == Kind::Incident {
                self.enter("assigned");
            }
        }
        self.log();
        // What follows takes its share of the time until now, or of five days where it is closed.
        let end = if open {
            self.maker.now
        } else {
            self.at.plus(Duration::days(5)).min(self.maker.now)
        };
        let steps = entries as i64 + 8;
        let pause = Duration::microseconds((end.micros() - self.at.micros()) / steps);
        let working = assigned && self.random.chance(2);
        for n in 0..entries {
            self.at = self.at.plus(pause);
            if n == 1 && working {
                self.begin_work();
            }
            self.say();
        }
        self.at = self.at.plus(pause);
        if !open {
            self.finish(pause);
        } else if assigned && self.random.chance(5) && self.may_wait() {
            self.wait();
        }
    }

    fn enter(&mut self, state: &str) {
        let state = practice_of(self.record.kind)
            .state(state)
            .expect("a state of the practice");
        self.record.state = state.word.to_owned();
        self.record.state_group = state.group;
        self.record.is_open = state.group != Group::Done;
    }

    fn log(&mut self) {
        let record = &self.record;
        let text = format!("{}\n{}", record.title, record.description);
        self.maker.index(self.batch, record.id, None, true, &text);
        let service = self
            .maker
            .desk
            .services
            .iter()
            .position(|s| Some(s.id) == record.service_id);
        let criticality = 1 + (service.unwrap_or(0) % 4) as i64;
        let extra = vec![Change::set(
            "service_criticality",
            Value::Number(criticality),
        )];
        self.append("created", None, extra);
    }

    /// Saves the record as it stands now, with the fact that says so.
    fn save(&mut self, what: &str, before: Record, extra: Vec<Change>) {
        self.append(what, Some(before), extra);
        self.record.version += 1;
        self.record.updated_at = self.at;
    }

    fn append(&mut self, what: &str, before: Option<Record>, extra: Vec<Change>) {
        let record = &self.record;
        let mut changes = changes_with(before.as_ref(), record, |field, id| {
            Ok(self.maker.label(field, id))
        })
        .expect("labels");
        changes.extend(extra);
        let head = if record.facts == 0 {
            Head::empty()
        } else {
            Head {
                count: record.facts,
                hash: record.facts_head.clone(),
            }
        };
        let fact = NewFact::new(records::actions::fact(record.kind, what), changes);
        let who = &self.maker.desk.agents[self.agent];
        let (row, head) = fact_row(
            &ctx(self.at, who),
            records::subject(record.id),
            &head,
            &fact,
        );
        self.batch.facts.push(row);
        self.record.facts = head.count;
        self.record.facts_head = head.hash;
    }

    fn say(&mut self) {
        let text = self.maker.texts;
        let body = self.maker.words.text(text, 26);
        let public = !self.random.chance(3);
        self.say_this(&body, public);
    }

    fn say_this(&mut self, body: &str, public: bool) {
        let id: Id<Entry> = id_at(self.at, self.random.next());
        let who = &self.maker.desk.agents[self.agent];
        let audience = if public {
            Audience::Public
        } else {
            Audience::Internal
        };
        self.batch.entries.push(EntryRow {
            id,
            record_id: self.record.id,
            audience: audience.word().to_owned(),
            channel: "web".into(),
            author_id: Some(who.id),
            author_name: who.name.clone(),
            at: self.at,
            body: body.to_owned(),
        });
        let extra = vec![
            Change::set("entry", Value::Ref(id.uuid(), who.name.clone())),
            Change::set("entry_audience", Value::word(audience.word())),
            Change::set("entry_channel", Value::word("web")),
            Change::set("entry_body", Value::text(body)),
        ];
        let before = self.record.clone();
        self.save(if public { "replied" } else { "noted" }, before, extra);
        self.maker
            .index(self.batch, self.record.id, Some(id), public, body);
    }

    fn advance(&mut self, to: &str) {
        let before = self.record.clone();
        self.enter(to);
        self.save("advanced", before, Vec::new());
    }

    fn begin_work(&mut self) {
        self.advance(match self.record.kind {
            Kind::Incident => "in_progress",
            Kind::Request => "in_fulfilment",
            Kind::Problem => "under_investigation",
            Kind::Change => "assessment",
            // None of these is made here.
            Kind::Postmortem | Kind::Action => return,
        });
    }

    fn may_wait(&self) -> bool {
        matches!(
            self.record.state.as_str(),
            "assigned" | "in_progress" | "in_fulfilment"
        )
    }

    fn wait(&mut self) {
        let before = self.record.clone();
        self.batch.holds.push(Hold {
            id: id_at(self.at, self.random.next()),
            record_id: before.id,
            reason: "other".into(),
            behaviour: "other".into(),
            supplier: String::new(),
            supplier_case: String::new(),
            for_record_id: None,
            resume_at: Utc::FAR,
            state_before: before.state.clone(),
            started_at: self.at,
            ended_at: None,
            supplier_id: None,
            because_id: None,
            flows_down: false,
        });
        self.enter("waiting");
        self.record.paused_since = Some(self.at);
        let extra = vec![Change::set(
            "hold_reason",
            Value::Code("other".into(), "Other".into()),
        )];
        self.save("held", before, extra);
    }

    /// To the end of the record's practice.
    fn finish(&mut self, pause: Duration) {
        match self.record.kind {
            Kind::Change => {
                let way = [
                    "draft",
                    "assessment",
                    "awaiting_approval",
                    "scheduled",
                    "implementing",
                    "review",
                ];
                let done = way
                    .iter()
                    .position(|s| *s == self.record.state)
                    .unwrap_or(0);
                for state in &way[done + 1..] {
                    self.at = self.at.plus(pause);
                    self.advance(state);
                }
            }
            kind => {
                if kind == Kind::Request && self.record.state == "new" {
                    self.begin_work();
                }
                self.at = self.at.plus(pause);
                self.resolve();
            }
        }
        self.at = self.at.plus(pause);
        let before = self.record.clone();
        self.enter("closed");
        self.record.closed_at = Some(self.at);
        self.save("closed", before, Vec::new());
    }

    fn resolve(&mut self) {
        let before = self.record.clone();
        let mut text = String::new();
        self.maker.words.sentence(&mut self.random, 12, &mut text);
        self.batch.resolutions.push(Resolution {
            id: id_at(self.at, self.random.next()),
            record_id: before.id,
            list: "resolution".into(),
            code: "fixed".into(),
            code_label: "Fixed".into(),
            text: text.clone(),
            by_id: before.assignee_id,
            team_id: before.team_id,
            at: self.at,
            superseded_at: None,
        });
        self.enter(
            practice_of(before.kind)
                .resolved_state()
                .expect("a resolved state"),
        );
        self.record.resolved_at = Some(self.at);
        let extra = vec![
            Change::set(
                "resolution_code",
                Value::Code("fixed".into(), "Fixed".into()),
            ),
            Change::set("resolution_text", Value::text(&text)),
        ];
        self.save("resolved", before, extra);
    }
}
