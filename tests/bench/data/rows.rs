//! Rows as they are written in bulk, and where they go: one by one through a prepared statement in
//! SQLite, by COPY in PostgreSQL.

use andon::entries::Entry;
use andon::people::{Person, Team};
use andon::platform::db::{Id, Utc};
use andon::records::{Channel, Group, Hold, Kind, PrioritySource, Record, Resolution};
use andon::schema;
use andon::services::{Category, Service};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use uuid::Uuid;

type Nobody = Id<()>;

// The two full-text tables, which the product reaches by SQL text alone.
diesel::table! { search_public (rowid) { rowid -> BigInt, body -> Text } }
diesel::table! { search_internal (rowid) { rowid -> BigInt, body -> Text } }
// What PostgreSQL makes its terms from.
diesel::table! {
    use diesel::sql_types::*;
    use andon::platform::db::types::SqlId;
    bench_texts (seq) { seq -> BigInt, record_id -> SqlId, entry_id -> Nullable<SqlId>, audience -> Text, body -> Text }
}

macro_rules! row {
    ($name:ident in $($table:ident)::+ { $($field:ident: $type:ty),+ $(,)? }) => {
        #[derive(Insertable)]
        #[diesel(table_name = $($table)::+, treat_none_as_default_value = false)]
        pub struct $name { $(pub $field: $type),+ }
    };
}

row!(PersonRow in schema::people {
    id: Id<Person>, name: String, mail: String, mail_key: Option<String>, phone: String,
    staff_number: Option<String>, language: String, zone: String, theme: String,
    single_keys: bool, roles: i32, password_hash: Option<String>, disabled_at: Option<Utc>,
    created_at: Utc, version: i64,
});
row!(WordRow in schema::person_words { word: String, person_id: Id<Person> });
row!(TeamRow in schema::teams {
    id: Id<Team>, name: String, name_key: String, lead_id: Option<Id<Person>>,
    disabled_at: Option<Utc>, version: i64,
});
row!(MemberRow in schema::team_members { person_id: Id<Person>, team_id: Id<Team> });
row!(ServiceRow in schema::services {
    id: Id<Service>, name: String, name_key: String, owner_id: Option<Id<Person>>,
    team_id: Option<Id<Team>>, criticality: i32, disabled_at: Option<Utc>, version: i64,
});
row!(CategoryRow in schema::categories {
    id: Id<Category>, name: String, name_key: String, team_id: Option<Id<Team>>,
    disabled_at: Option<Utc>, version: i64,
});
row!(RecordRow in schema::records {
    id: Id<Record>, kind: Kind, number: i64, title: String, requester_id: Option<Id<Person>>,
    service_id: Option<Id<Service>>, category_id: Option<Id<Category>>,
    team_id: Option<Id<Team>>, assignee_id: Option<Id<Person>>, channel: Channel, impact: i32,
    urgency: i32, priority: i32, priority_source: PrioritySource, priority_reason: String,
    state: String, state_group: Group, is_open: bool, created_at: Utc, reported_at: Utc,
    updated_at: Utc, next_due_at: Utc, resolved_at: Option<Utc>, closed_at: Option<Utc>,
    reassignments: i32, reopens: i32, version: i64, facts: i64, facts_head: Vec<u8>,
    description: String, owner_team_id: Option<Id<Team>>, entered_at: Utc, virtual_deadline: Utc,
    paused_since: Option<Utc>,
});
row!(EntryRow in schema::entries {
    id: Id<Entry>, record_id: Id<Record>, audience: String, channel: String,
    author_id: Option<Id<Person>>, author_name: String, at: Utc, body: String,
});
row!(FactRow in schema::facts {
    seq: i64, subject_kind: String, subject_id: Nobody, position: i64, name: String, version: i32,
    occurred_at: Utc, recorded_at: Utc, actor_id: Option<Nobody>, behalf_id: Option<Nobody>,
    door: String, data: String, previous: Vec<u8>, hash: Vec<u8>,
});
row!(FactTextRow in schema::fact_texts { fact_seq: i64, slot: i32, salt: Vec<u8>, text: String });
row!(SearchTextRow in schema::search_texts {
    seq: i64, record_id: Id<Record>, entry_id: Option<Id<Entry>>, audience: String,
});
row!(PublicRow in search_public { rowid: i64, body: String });
row!(InternalRow in search_internal { rowid: i64, body: String });
row!(TermsRow in bench_texts {
    seq: i64, record_id: Id<Record>, entry_id: Option<Id<Entry>>, audience: String, body: String,
});
row!(HandoverRow in schema::handover_tallies {
    owner_team_id: Id<Team>, team_id: Id<Team>, n: i64,
});
row!(TallyRow in schema::record_tallies {
    kind: Kind, state_group: Group, team_id: Id<Team>, assignee_id: Id<Person>, n: i64,
});

impl From<Record> for RecordRow {
    fn from(r: Record) -> Self {
        Self {
            id: r.id,
            kind: r.kind,
            number: r.number,
            title: r.title,
            requester_id: r.requester_id,
            service_id: r.service_id,
            category_id: r.category_id,
            team_id: r.team_id,
            assignee_id: r.assignee_id,
            channel: r.channel,
            impact: r.impact,
            urgency: r.urgency,
            priority: r.priority,
            priority_source: r.priority_source,
            priority_reason: r.priority_reason,
            state: r.state,
            state_group: r.state_group,
            is_open: r.is_open,
            created_at: r.created_at,
            reported_at: r.reported_at,
            updated_at: r.updated_at,
            next_due_at: r.next_due_at,
            resolved_at: r.resolved_at,
            closed_at: r.closed_at,
            reassignments: r.reassignments,
            reopens: r.reopens,
            version: r.version,
            facts: r.facts,
            facts_head: r.facts_head,
            description: r.description,
            owner_team_id: r.owner_team_id,
            entered_at: r.entered_at,
            virtual_deadline: r.virtual_deadline,
            paused_since: r.paused_since,
        }
    }
}

/// A text for the index: folded, on a record or on one of its entries.
pub struct Indexed {
    pub record: Id<Record>,
    pub entry: Option<Id<Entry>>,
    pub public: bool,
    pub body: String,
}

/// A fact and its texts: slot, salt, text.
pub type Told = (FactRow, Vec<(i32, [u8; 16], String)>);

/// What is written together. Facts and texts have no sequence yet: the sink counts.
#[derive(Default)]
pub struct Batch {
    pub people: Vec<PersonRow>,
    pub words: Vec<WordRow>,
    pub teams: Vec<TeamRow>,
    pub members: Vec<MemberRow>,
    pub services: Vec<ServiceRow>,
    pub categories: Vec<CategoryRow>,
    pub records: Vec<RecordRow>,
    pub entries: Vec<EntryRow>,
    pub holds: Vec<Hold>,
    pub resolutions: Vec<Resolution>,
    pub facts: Vec<Told>,
    pub texts: Vec<Indexed>,
    pub tallies: Vec<TallyRow>,
    pub handovers: Vec<HandoverRow>,
    pub last_numbers: Vec<(Kind, i64)>,
}

/// A database being filled.
pub enum Sink {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// Where the two counted columns stand.
#[derive(Default)]
pub struct Counters {
    pub fact: i64,
    pub text: i64,
}

macro_rules! put {
    ($sink:expr, $($table:ident)::+, $rows:expr) => {{
        let rows = $rows;
        match $sink {
            Sink::Sqlite(c) => {
                for row in &rows {
                    diesel::insert_into($($table)::+::table).values(row).execute(c)?;
                }
            }
            Sink::Postgres(c) if !rows.is_empty() => {
                diesel::copy_from($($table)::+::table).from_insertable(rows).execute(c)?;
            }
            Sink::Postgres(_) => {}
        }
    }};
}

impl Sink {
    pub fn run(&mut self, sql: &str) -> QueryResult<()> {
        match self {
            Sink::Sqlite(c) => c.batch_execute(sql),
            Sink::Postgres(c) => c.batch_execute(sql),
        }
    }

    /// Writes a batch in one transaction.
    pub fn write(&mut self, batch: Batch, counters: &mut Counters) -> QueryResult<()> {
        self.run("BEGIN")?;
        put!(self, schema::people, batch.people);
        put!(self, schema::person_words, batch.words);
        put!(self, schema::teams, batch.teams);
        put!(self, schema::team_members, batch.members);
        put!(self, schema::services, batch.services);
        put!(self, schema::categories, batch.categories);
        put!(self, schema::records, batch.records);
        put!(self, schema::entries, batch.entries);
        put!(self, schema::record_tallies, batch.tallies);
        put!(self, schema::handover_tallies, batch.handovers);
        for hold in &batch.holds {
            let row = diesel::insert_into(schema::holds::table).values(hold);
            match self {
                Sink::Sqlite(c) => row.execute(c)?,
                Sink::Postgres(c) => row.execute(c)?,
            };
        }
        match self {
            Sink::Sqlite(c) => {
                for row in &batch.resolutions {
                    let insert = diesel::insert_into(schema::resolutions::table).values(row);
                    insert.execute(c)?;
                }
            }
            Sink::Postgres(c) => {
                for rows in batch.resolutions.chunks(2_000) {
                    let insert = diesel::insert_into(schema::resolutions::table).values(rows);
                    insert.execute(c)?;
                }
            }
        }
        self.write_facts(batch.facts, counters)?;
        self.write_texts(batch.texts, counters)?;
        for (kind, last) in batch.last_numbers {
            self.run(&format!(
                "UPDATE kinds SET last_number = {last} WHERE kind = '{}'",
                kind.word()
            ))?;
        }
        self.run("COMMIT")
    }

    fn write_facts(&mut self, facts: Vec<Told>, counters: &mut Counters) -> QueryResult<()> {
        let mut rows = Vec::with_capacity(facts.len());
        let mut texts = Vec::with_capacity(facts.len() * 3);
        for (mut fact, kept) in facts {
            counters.fact += 1;
            fact.seq = counters.fact;
            texts.extend(kept.into_iter().map(|(slot, salt, text)| FactTextRow {
                fact_seq: counters.fact,
                slot,
                salt: salt.to_vec(),
                text,
            }));
            rows.push(fact);
        }
        put!(self, schema::facts, rows);
        put!(self, schema::fact_texts, texts);
        Ok(())
    }

    fn write_texts(&mut self, texts: Vec<Indexed>, counters: &mut Counters) -> QueryResult<()> {
        let audience = |public| if public { "public" } else { "internal" }.to_owned();
        let first = counters.text;
        counters.text += texts.len() as i64;
        let numbered = texts.into_iter().zip(first + 1..);
        match self {
            Sink::Sqlite(c) => {
                for (text, seq) in numbered {
                    let row = SearchTextRow {
                        seq,
                        record_id: text.record,
                        entry_id: text.entry,
                        audience: audience(text.public),
                    };
                    diesel::insert_into(schema::search_texts::table)
                        .values(&row)
                        .execute(c)?;
                    if text.public {
                        let row = PublicRow {
                            rowid: seq,
                            body: text.body,
                        };
                        diesel::insert_into(search_public::table)
                            .values(&row)
                            .execute(c)?;
                    } else {
                        let row = InternalRow {
                            rowid: seq,
                            body: text.body,
                        };
                        diesel::insert_into(search_internal::table)
                            .values(&row)
                            .execute(c)?;
                    }
                }
            }
            Sink::Postgres(_) => {
                let rows: Vec<TermsRow> = numbered
                    .map(|(text, seq)| TermsRow {
                        seq,
                        record_id: text.record,
                        entry_id: text.entry,
                        audience: audience(text.public),
                        body: text.body,
                    })
                    .collect();
                self.run("TRUNCATE bench_texts")?;
                put!(self, bench_texts, rows);
                self.run(
                    "INSERT INTO search_texts (seq, record_id, entry_id, audience, terms) \
                     SELECT seq, record_id, entry_id, audience, to_tsvector('simple', body) FROM bench_texts",
                )?;
            }
        }
        Ok(())
    }
}

/// An id whose time part is `at`, so that rows stand in the order they would have been made in.
pub fn id_at<T>(at: Utc, random: u64) -> Id<T> {
    let mut bytes = [0u8; 16];
    bytes[..6].copy_from_slice(&((at.micros() / 1000) as u64).to_be_bytes()[2..]);
    bytes[8..].copy_from_slice(&random.to_be_bytes());
    bytes[6..8].copy_from_slice(&(((at.micros() % 1000) as u16) << 2).to_be_bytes());
    bytes[6] = (bytes[6] & 0x0F) | 0x70;
    bytes[8] = (bytes[8] & 0x3F) | 0x80;
    Id::from_uuid(Uuid::from_bytes(bytes))
}
