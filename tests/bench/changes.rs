//! Changes and approvals: the month with 500 changes and "My approvals", where every record there is
//! is a change that was put to a round.

use andon::approvals::rules::{Bench as Stage, Electorate, Seat};
use andon::people::Person;
use andon::platform::db::{Db, Id};
use andon::platform::kernel::clock::Clock;
use andon::schema::people;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use uuid::Uuid;

use crate::report::Column;
use crate::scenarios::Bench;
use crate::world::World;

/// Changes of the month that is looked at.
const MONTH: i64 = 500;
/// Questions that wait for an approver.
const WAITING: i64 = 40;
/// Approvers of every change.
const SEATS: usize = 3;

/// Every record becomes a change; `n` is its number among all. Five hundred take a window within four
/// weeks round now, the others one each quarter of an hour before that. What has ended is closed.
const CHANGES: &str = "\
    UPDATE records SET number = number + 10000000; \
    CREATE TEMPORARY TABLE numbered AS SELECT id, row_number() OVER (ORDER BY id) AS n FROM records; \
    CREATE UNIQUE INDEX numbered_id ON numbered (id); \
    UPDATE records SET kind = 'change', number = numbered.n, \
    state = CASE WHEN numbered.n <= :MONTH: THEN 'scheduled' ELSE 'closed' END, \
    is_open = (numbered.n <= :MONTH:) FROM numbered WHERE numbered.id = records.id; \
    INSERT INTO changes (record_id, change_type, mode, environment, window_starts_at, window_ends_at, \
    outage_minutes, rollout, observe_minutes, implementation_plan, test_plan, backout_plan, backout_minutes, \
    backout_rehearsed, risk_reach, risk_reversible, risk_done_before, risk_steps, risk, risk_points, \
    risk_reasons, revision, outcome, outcome_text, review_text, standing, authority_how, verdict, \
    verdict_text, deviations) \
    SELECT id, 'normal', 'planned', 'production', \
    CASE WHEN n <= :MONTH: THEN AT[(n * 4001) % 2419200 - 1209600] ELSE AT[- 5000000 - n * 900] END, \
    CASE WHEN n <= :MONTH: THEN AT[(n * 4001) % 2419200 - 1202400] ELSE AT[- 4992800 - n * 900] END, \
    10, 'one', 0, 'Replace it.', 'Ask for a page.', 'Put it back.', 15, FALSE, '', '', '', '', 'moderate', 4, \
    '[]', 1, '', '', '', '', '', '', '', '[]' FROM numbered; \
    INSERT INTO change_services SELECT id, (SELECT id FROM services ORDER BY id LIMIT 1) FROM numbered;";

/// A round for each, decided but for the first.
const ROUNDS: &str = "\
    INSERT INTO approval_policies VALUES (ID[a], 'Bench', FALSE, AT[0]); \
    INSERT INTO approval_policy_versions VALUES (ID[b], ID[a], 1, AT[0], FALSE, '{}'); \
    INSERT INTO rounds (id, record_id, number, revision, policy_version_id, electorate, digest, opened_at, \
    decide_by, decision, decided_at, open_conditions, events) \
    SELECT :NEW_ID:, id, 1, 1, ID[b], :ELECTORATE:, '{}', AT[- n * 900], AT[400000000], \
    CASE WHEN n > :WAITING: THEN 'approved' END, CASE WHEN n > :WAITING: THEN AT[- n * 900] END, 0, 0 FROM numbered;";

/// A seat of every round, and what whoever sits there may see.
const SEATED: &str = "\
    INSERT INTO round_seats SELECT rounds.id, 0, :SEAT:, :PERSON:, numbered.n <= :WAITING:, \
    AT[numbered.n * 60] FROM rounds JOIN numbered ON numbered.id = rounds.record_id; \
    INSERT INTO asked (person_id, record_id, at) SELECT :PERSON:, id, AT[- n * 900] FROM numbered;";

struct Dialect {
    postgres: bool,
    now: i64,
}

impl Dialect {
    fn id(&self, id: Uuid) -> String {
        if self.postgres {
            format!("'{id}'::uuid")
        } else {
            format!("x'{}'", id.simple())
        }
    }

    /// Fills the places of a text: `AT[seconds from now]`, `ID[last digit]` and the named ones.
    fn sql(&self, text: &str, named: &[(&str, String)]) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, what, inner, behind)) = place(rest) {
            out.push_str(before);
            out.push_str(&match (what, self.postgres) {
                ("AT", true) => format!("(now() + ({inner}) * interval '1 second')"),
                ("AT", false) => format!("({} + ({inner}) * 1000000)", self.now),
                _ => {
                    let digit = u128::from_str_radix(inner, 16).expect("a digit");
                    self.id(Uuid::from_u128(digit))
                }
            });
            rest = behind;
        }
        out.push_str(rest);
        let new = if self.postgres {
            "gen_random_uuid()"
        } else {
            "randomblob(16)"
        };
        let usual = [
            ("NEW_ID", new.to_owned()),
            ("MONTH", MONTH.to_string()),
            ("WAITING", WAITING.to_string()),
        ];
        let all = usual.iter().chain(named);
        all.fold(out, |text, (name, value)| {
            text.replace(&format!(":{name}:"), value)
        })
    }
}

/// The first `AT[…]` or `ID[…]`: what is before it, which, what is in it, what is behind it.
fn place(text: &str) -> Option<(&str, &str, &str, &str)> {
    let open = text.find("AT[").into_iter().chain(text.find("ID["));
    let open = open.min()?;
    let end = open + text[open..].find(']')?;
    Some((
        &text[..open],
        &text[open..open + 2],
        &text[open + 3..end],
        &text[end + 1..],
    ))
}

/// Turns what was made into changes with rounds; who is asked.
fn fill(database: &str, world: &World) {
    let dialect = Dialect {
        postgres: !database.starts_with("sqlite:"),
        now: Clock::system().now().micros(),
    };
    let asked: Vec<Id<Person>> = world.agents.iter().copied().take(SEATS).collect();
    let seats = asked.iter().map(|id| Seat {
        person: id.uuid(),
        mandatory: false,
        veto: false,
    });
    let electorate = Electorate {
        stages: vec![Stage {
            key: "cab".to_owned(),
            name: "Change advisory board".to_owned(),
            after: Vec::new(),
            needed: 2,
            seats: seats.collect(),
            alternates: Vec::new(),
            meeting: None,
            deadline: None,
            reminder: None,
            reauthenticate: false,
            carried: None,
            deciders: Vec::new(),
        }],
        excluded: Vec::new(),
    };
    let json = serde_json::to_string(&electorate).expect("an electorate");
    let done = world.store.write_here(|w| {
        let conn: &mut Db = w;
        conn.batch_execute(&dialect.sql(CHANGES, &[]))?;
        let electorate = ("ELECTORATE", format!("'{json}'"));
        conn.batch_execute(&dialect.sql(ROUNDS, &[electorate]))?;
        for (seat, person) in asked.iter().enumerate() {
            let named = [
                ("SEAT", seat.to_string()),
                ("PERSON", dialect.id(person.uuid())),
            ];
            conn.batch_execute(&dialect.sql(SEATED, &named))?;
        }
        // The second of them has no other role: what such a person sees is looked up change by change.
        diesel::update(people::table.find(asked[1]))
            .set(people::roles.eq(4))
            .execute(conn)?;
        conn.batch_execute("ANALYZE")?;
        Ok(())
    });
    done.expect("changes");
}

/// Measures the pages on a database whose records are not needed any more.
pub fn measure(bench: &Bench<'_>, database: &str, column: &mut Column) {
    fill(database, bench.world);
    let shown = bench.only(0, "/changes/calendar?view=month", "CHG-");
    column.latency("calendar, a month with 500 changes", &shown);
    let list = bench.only(0, "/approvals", "CHG-");
    column.latency("My approvals, at 100,000 changes", &list);
    let list = bench.only(1, "/approvals", "CHG-");
    column.latency("My approvals, approver right only", &list);
}
